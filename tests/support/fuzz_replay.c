/*
 * In place of libFuzzer, for every compiler: runs a fuzz target over all files of the folders that
 * are named, and over a few repeatable variations of each. A file may be named too.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>

enum { VARIATIONS = 6, MOST = 1 << 20, ROOM = 64 };

static uint64_t state; /* of the choices; starts with each file anew */

static uint32_t choose(uint32_t limit)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % limit;
}

/* A copy of its own size, so that reading beyond the end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + (size == 0));

    MUST(copy != NULL);
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static size_t vary(uint8_t *data, size_t size)
{
    static const uint8_t telling[] = {0, 1, 0x7F, 0x80, 0xFF, '0', '"', ' '};
    size_t at = size > 0 ? choose((uint32_t)size) : 0;
    size_t len;

    switch (size == 0 ? 1 : choose(5)) {
    case 0:
        data[at] ^= (uint8_t)(1u << choose(8));
        return size;
    case 1:
        len = 1 + choose(8);
        memmove(data + at + len, data + at, size - at);
        for (size_t i = 0; i < len; i++)
            data[at + i] = (uint8_t)choose(256);
        return size + len;
    case 2:
        len = 1 + choose((uint32_t)(size - at < 16 ? size - at : 16));
        memmove(data + at, data + at + len, size - at - len);
        return size - len;
    case 3:
        data[at] = telling[choose(sizeof telling)];
        return size;
    default:
        return at; /* cut off */
    }
}

static void run_varied(const uint8_t *data, size_t size)
{
    uint8_t *varied = malloc(size + ROOM);

    MUST(varied != NULL);
    for (unsigned i = 0; i < VARIATIONS; i++) {
        size_t len = size;

        memcpy(varied, data, size);
        for (uint32_t changes = 1 + choose(4); changes > 0; changes--)
            len = vary(varied, len);
        run(varied, len);
    }
    free(varied);
}

static unsigned run_file(const char *path)
{
    static uint8_t data[MOST];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(66);
    }
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is the one that was run */
    state = size;
    run(data, size);
    run_varied(data, size);
    return 1 + VARIATIONS;
}

static int compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static unsigned run_folder(const char *folder)
{
    struct dirent **list = NULL;
    int count = scandir(folder, &list, NULL, compare);
    unsigned runs = 0;

    if (count < 0)
        return run_file(folder);
    for (int i = 0; i < count; i++) {
        char path[4096];

        (void)snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        if (list[i]->d_name[0] != '.')
            runs += run_file(path);
        free(list[i]);
    }
    free(list);
    return runs;
}

int main(int argc, char **argv)
{
    unsigned runs = 0;

    for (int i = 1; i < argc; i++)
        runs += run_folder(argv[i]);
    printf("1..1\n%s 1 - %u inputs\n", runs > 0 ? "ok" : "not ok", runs);
    return runs > 0 ? 0 : 1;
}
