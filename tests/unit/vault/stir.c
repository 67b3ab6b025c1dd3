/* Overwriting a few free pages now and then, and watching whether the vault is still the session's.
 */
#include "bare_vault.h"
#include "vault/lane.h"
#include "vault_fixture.h"

#define SMALL 1024 /* pages: 4 MiB */

static struct lw_lane *open_lane(struct lw_vault *vault, unsigned which, enum lw_lane_mode mode)
{
    struct lw_lane *lane = NULL;
    struct lw_error err = {0};

    if (lw_lane_open(vault, which, mode, &lane, &err) != LW_OK)
        fail_msg("%s", err.text);
    return lane;
}

static void put(struct lw_lane *lane, uint32_t count, uint8_t version)
{
    uint8_t payload[LW_PAYLOAD];

    assert_ok(lw_lane_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    memset(payload, version, sizeof payload);
    for (uint32_t i = 0; i < count; i++)
        assert_ok(lw_lane_write(lane, i, payload));
    assert_ok(lw_lane_commit(lane));
    lw_lane_release(lane);
}

static void expect(struct lw_lane *lane, uint32_t count, uint8_t version)
{
    uint8_t payload[LW_PAYLOAD], wanted[LW_PAYLOAD];

    memset(wanted, version, sizeof wanted);
    for (uint32_t i = 0; i < count; i++) {
        assert_ok(lw_lane_read(lane, i, payload));
        assert_memory_equal(payload, wanted, sizeof wanted);
    }
}

static uint8_t *image(const struct lw_vault *vault)
{
    uint8_t *data = malloc(vault->bytes);

    assert_non_null(data);
    assert_ok(lw_file_read_at(vault->fd, data, vault->bytes, 0));
    return data;
}

/* How many pages differ; none of the fixed ones may. */
static unsigned differing(const struct lw_vault *vault, const uint8_t *before, const uint8_t *after)
{
    unsigned count = 0;

    for (uint32_t page = 0; page < vault->pages; page++) {
        bool same =
            memcmp(before + (size_t)page * LW_PAGE, after + (size_t)page * LW_PAGE, LW_PAGE) == 0;

        assert_true(same || page >= PAGE_POOL);
        count += !same;
    }
    return count;
}

static void overwrites_one_to_four_pages(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    unsigned seen = 0;

    (void)state;
    put(lane, 100, 1);
    for (int i = 0; i < 60; i++) {
        uint8_t *before = image(vault);

        lw_lane_stir(lane);
        assert_false(lw_lane_has_snapshot(lane));
        uint8_t *after = image(vault);
        unsigned count = differing(vault, before, after);
        assert_in_range(count, 1, 4);
        seen |= 1u << count;
        free(before);
        free(after);
    }
    assert_true(seen != 0 && (seen & (seen - 1)) != 0); /* not always the same number */
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* Both lanes and a pinned old snapshot come through thousands of overwritten pages. */
static void harms_nothing_that_is_needed(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, true);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *other = open_lane(vault, 1, LW_LANE_WRITE);
    struct lw_lane *reader = open_lane(vault, 0, LW_LANE_READ);

    (void)state;
    put(other, 150, 7);
    put(lane, 150, 1);
    assert_ok(lw_lane_snapshot(reader));
    put(lane, 150, 2);
    put(lane, 150, 3);
    for (int i = 0; i < 2000; i++)
        lw_lane_stir(i % 2 == 0 ? lane : other);
    expect(reader, 150, 1);
    lw_lane_release(reader);
    assert_ok(lw_lane_snapshot(reader));
    expect(reader, 150, 3);
    assert_ok(lw_lane_snapshot(other));
    expect(other, 150, 7);
    assert_false(lw_lane_fell_back(reader) || lw_lane_fell_back(other));
    lw_lane_release(other);
    lw_lane_release(reader);
    put(lane, 150, 4); /* and writing goes on */
    assert_ok(lw_lane_snapshot(reader));
    expect(reader, 150, 4);
    lw_lane_close(reader);
    lw_lane_close(other);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

static void gives_way(void **state)
{
    struct lw_vault *vault = bare_vault_new(SMALL, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *second = open_lane(vault, 0, LW_LANE_WRITE);
    struct lw_lane *reader = open_lane(vault, 0, LW_LANE_READ);
    uint8_t *before;

    (void)state;
    put(lane, 10, 1);
    before = image(vault);
    assert_ok(lw_lane_snapshot(lane));
    lw_lane_stir(lane); /* a snapshot is held: it stays */
    assert_true(lw_lane_has_snapshot(lane));
    assert_ok(lw_lane_reserve(lane));
    lw_lane_stir(lane);
    assert_true(lw_lane_is_writer(lane));
    lw_lane_stir(second); /* somebody else writes */
    lw_lane_stir(reader); /* it may not write */
    assert_string_equal(lw_lane_error(second), "");
    assert_string_equal(lw_lane_error(reader), "");
    lw_lane_release(lane);
    uint8_t *after = image(vault);
    assert_int_equal(differing(vault, before, after), 0);
    free(before);
    free(after);
    lw_lane_close(reader);
    lw_lane_close(second);
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* Nothing is free: nothing happens. */
static void stands_a_full_vault(void **state)
{
    struct lw_vault *vault = bare_vault_new(64, false);
    struct lw_lane *lane = open_lane(vault, 0, LW_LANE_WRITE);
    uint8_t payload[LW_PAYLOAD] = {1};
    uint32_t count = 0;

    (void)state;
    for (enum lw_status status = LW_OK; status == LW_OK && count < 64; count++) {
        assert_ok(lw_lane_snapshot(lane));
        assert_ok(lw_lane_reserve(lane));
        status = lw_lane_write(lane, count, payload);
        if (status == LW_OK)
            status = lw_lane_commit(lane);
        lw_lane_release(lane);
    }
    for (int i = 0; i < 50; i++)
        lw_lane_stir(lane);
    assert_ok(lw_lane_snapshot(lane));
    for (uint32_t i = 0; i < lw_lane_pages(lane); i++) {
        uint8_t found[LW_PAYLOAD];

        assert_ok(lw_lane_read(lane, i, found));
        assert_memory_equal(found, payload, sizeof payload);
    }
    lw_lane_close(lane);
    bare_vault_free(vault);
}

/* ---- watching ---- */

static void sees_what_takes_the_vault_away(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, LW_VAULT_MIN, "one two three four", NULL);
    struct lw_error err = {LW_OK, ""};
    struct lw_vault *second = NULL;
    struct lw_passphrase *fresh = passphrase("five six seven eight");
    char moved[128];

    assert_ok(lw_vault_watch(vault, &err));
    assert_ok(open_vault(fixture->path, "one two three four", &second));
    assert_ok(lw_vault_watch(vault, &err)); /* another unlock rewrites the header */
    assert_ok(lw_vault_watch(second, &err));

    beside(fixture, ".moved", moved);
    assert_int_equal(rename(fixture->path, moved), 0);
    assert_int_equal(lw_vault_watch(vault, &err), LW_REVOKED);
    put_file(fixture->path, "x", 1);
    assert_int_equal(lw_vault_watch(vault, &err), LW_REVOKED);
    assert_int_equal(rename(moved, fixture->path), 0);
    assert_ok(lw_vault_watch(vault, &err));

    assert_ok(lw_vault_passphrase_change(second, fresh, &err));
    assert_int_equal(lw_vault_watch(vault, &err), LW_REVOKED);
    assert_ok(lw_vault_watch(second, &err));
    assert_int_equal(truncate(fixture->path, LW_PAGE), 0);
    assert_int_equal(lw_vault_watch(second, &err), LW_REVOKED);
    assert_true(err.text[0] != '\0');
    lw_passphrase_free(fresh);
    lw_vault_close(second);
    lw_vault_close(vault);
}

static void sees_a_wipe(void **state)
{
    struct fixture *fixture = *state;
    struct lw_vault *vault = make_vault(fixture->path, LW_VAULT_MIN, "one two three four", NULL);
    struct lw_wipe_report report;
    struct lw_error err = {LW_OK, ""};

    assert_ok(lw_vault_watch(vault, &err));
    assert_ok(lw_vault_wipe(fixture->path, false, NULL, &report, &err));
    assert_int_equal(lw_vault_watch(vault, &err), LW_REVOKED);
    lw_vault_close(vault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overwrites_one_to_four_pages),
        cmocka_unit_test(harms_nothing_that_is_needed),
        cmocka_unit_test(gives_way),
        cmocka_unit_test(stands_a_full_vault),
        cmocka_unit_test_setup_teardown(sees_what_takes_the_vault_away, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(sees_a_wipe, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
