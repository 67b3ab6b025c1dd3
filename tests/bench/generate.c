/* The journal of generate.h. */
#include "generate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 2000 /* entries of one transaction */

struct word {
    const char *latin, *cyrillic;
};

struct zipf {
    double *up_to; /* running sums, the last one is 1 */
    uint32_t count;
};

struct person {
    uint8_t id[LW_RECORD_ID];
    char latin[64], cyrillic[96];
};

struct place {
    uint8_t id[LW_RECORD_ID];
    char latin[64], cyrillic[96];
};

struct maker {
    struct lw_journal *journal;
    struct generated_clock *clock;
    uint64_t chance;
    uint32_t entries;
    double *day; /* running sums of what is recorded on each day */
    struct person *person;
    struct place *place;
    uint8_t (*source)[LW_RECORD_ID], (*incident)[LW_RECORD_ID];
    struct zipf people, places, sources, incidents, rare;
    uint8_t last[LW_RECORD_ID]; /* the entry before, for links and the stated order */
    bool has_last;
};

static void must(enum lw_status status, const struct lw_error *err)
{
    if (status == LW_OK)
        return;
    fprintf(stderr, "generate: %s\n",
            err != NULL && err->text[0] != '\0' ? err->text : lw_status_message(status));
    exit(1);
}

/* ---- chance ---- */

static uint64_t draw64(struct maker *maker)
{
    uint64_t z = maker->chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint32_t draw(struct maker *maker, uint32_t limit)
{
    return (uint32_t)(draw64(maker) % limit);
}

static double draw_unit(struct maker *maker)
{
    return (double)(draw64(maker) >> 11) / 9007199254740992.0;
}

static bool often(struct maker *maker, uint32_t percent)
{
    return draw(maker, 100) < percent;
}

static void *memory(size_t count, size_t size)
{
    void *new = calloc(count, size);

    if (new == NULL)
        must(LW_NO_MEMORY, NULL);
    return new;
}

/* The first running sum that is not below `at`. */
static uint32_t find(const double *up_to, uint32_t count, double at)
{
    uint32_t low = 0, high = count - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (up_to[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void sum_up(double *weight, uint32_t count)
{
    double sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum = weight[i] += sum;
    for (uint32_t i = 0; i < count; i++)
        weight[i] /= sum;
}

static void zipf_init(struct zipf *zipf, uint32_t count)
{
    zipf->up_to = memory(count, sizeof *zipf->up_to);
    zipf->count = count;
    for (uint32_t i = 0; i < count; i++)
        zipf->up_to[i] = 1.0 / (i + 1.0);
    sum_up(zipf->up_to, count);
}

static uint32_t zipf_draw(struct maker *maker, const struct zipf *zipf)
{
    return find(zipf->up_to, zipf->count, draw_unit(maker));
}

/* Quieter weekends, more from year to year, and bursts that begin at once and fade. */
static void make_days(struct maker *maker)
{
    maker->day = memory(GENERATED_DAYS, sizeof *maker->day);
    for (uint32_t day = 0; day < GENERATED_DAYS; day++)
        maker->day[day] = (0.5 + day / 3653.0) * ((day + 4) % 7 >= 5 ? 0.5 : 1.0);
    for (uint32_t burst = 0; burst < 60; burst++) {
        uint32_t first = draw(maker, GENERATED_DAYS);
        double height = 3 + 12 * draw_unit(maker), fading = 3 + 12 * draw_unit(maker);

        for (uint32_t day = first; day < GENERATED_DAYS && day < first + 60; day++)
            maker->day[day] += height * exp(-(double)(day - first) / fading);
    }
    sum_up(maker->day, GENERATED_DAYS);
}

/* ---- words ---- */

static const struct word first_names[] = {
    {"Aslan", "Аслан"},   {"Sergei", "Сергей"},   {"Magomed", "Магомед"}, {"Igor", "Игорь"},
    {"Ruslan", "Руслан"}, {"Dmitry", "Дмитрий"},  {"Ibragim", "Ибрагим"}, {"Alexei", "Алексей"},
    {"Zaur", "Заур"},     {"Mikhail", "Михаил"},  {"Timur", "Тимур"},     {"Oleg", "Олег"},
    {"Khava", "Хава"},    {"Anna", "Анна"},       {"Zarema", "Зарема"},   {"Elena", "Елена"},
    {"Madina", "Мадина"}, {"Natalia", "Наталья"}, {"Aishat", "Айшат"},    {"Olga", "Ольга"},
    {"Umar", "Умар"},     {"Yusup", "Юсуп"},      {"Maret", "Марет"},     {"Lyudmila", "Людмила"},
};
static const struct word syllables[] = {
    {"Ba", "Ба"}, {"Da", "Да"}, {"Ga", "Га"},  {"Kha", "Ха"},  {"Ma", "Ма"}, {"Sa", "Са"},
    {"Ta", "Та"}, {"Zu", "Зу"}, {"Mu", "Му"},  {"Be", "Бе"},   {"El", "Эл"}, {"Is", "Ис"},
    {"Ka", "Ка"}, {"Ra", "Ра"}, {"Chi", "Чи"}, {"Um", "Ум"},   {"Vi", "Ви"}, {"Or", "Ор"},
    {"Ab", "Аб"}, {"No", "Но"}, {"Shi", "Ши"}, {"Gro", "Гро"}, {"Le", "Ле"}, {"Yu", "Ю"},
};
static const struct word middles[] = {
    {"ga", "га"}, {"za", "за"},  {"kha", "ха"}, {"lu", "лу"}, {"ra", "ра"}, {"di", "ди"},
    {"mi", "ми"}, {"sha", "ша"}, {"bi", "би"},  {"to", "то"}, {"na", "на"}, {"su", "су"},
    {"ki", "ки"}, {"ve", "ве"},  {"lo", "ло"},  {"", ""},
};
static const struct word family_ends[] = {
    {"ev", "ев"},     {"ov", "ов"},       {"khanov", "ханов"}, {"tsky", "цкий"},
    {"saev", "саев"}, {"nenko", "ненко"}, {"lin", "лин"},      {"mov", "мов"},
};
static const struct word place_ends[] = {
    {"roy", "рой"},   {"-Yurt", "-Юрт"}, {"novka", "новка"}, {"gorsk", "горск"},
    {"dala", "дала"}, {"ntsy", "нцы"},   {"skoye", "ское"},  {"chu", "чу"},
};
static const struct word regions[] = {
    {"Chechnya", "Чечня"},
    {"Ingushetia", "Ингушетия"},
    {"Dagestan", "Дагестан"},
    {"North Ossetia", "Северная Осетия"},
    {"Kabardino-Balkaria", "Кабардино-Балкария"},
    {"Stavropol Krai", "Ставропольский край"},
    {"Krasnodar Krai", "Краснодарский край"},
    {"Rostov Oblast", "Ростовская область"},
};
static const struct word towns[] = {
    {"Grozny", "Грозный"},
    {"Gudermes", "Гудермес"},
    {"Argun", "Аргун"},
    {"Shali", "Шали"},
    {"Urus-Martan", "Урус-Мартан"},
    {"Nazran", "Назрань"},
    {"Makhachkala", "Махачкала"},
    {"Khasavyurt", "Хасавюрт"},
    {"Vladikavkaz", "Владикавказ"},
    {"Nalchik", "Нальчик"},
};
static const char *const kinds[] = {
    "threat",          "detention",     "search",       "seizure",
    "statement",       "killing",       "arson",        "assault",
    "demonstration",   "accusation",    "announcement", "intervention",
    "official_denial", "disappearance", "note",         "own_measure",
};

/* %P a person, %L a place, %N a number, %W a rare word, %T a time */
static const char *const english[] = {
    "Unknown men in masks came to the flat of %P in %L at %T.",
    "%P was taken away from %L by %N armed people in uniform without a warrant.",
    "A caller who did not give a name threatened %P with a criminal case.",
    "According to neighbours a white car with the number %W stood near the house since %T.",
    "The police refused to register the complaint and gave no receipt.",
    "Relatives of %P were told to leave %L within %N days.",
    "The lawyer was not admitted for %N hours.",
    "Two witnesses say that the door was broken and the telephone of %P was taken.",
    "The statement was repeated on local television the same evening.",
    "%P was released at %T and has bruises on both arms.",
    "Officials of the investigative committee in %L deny that there was a detention.",
    "The office in %L was set on fire, the fire brigade came after %N minutes.",
    "The family asked not to publish the name.",
    "About %N people gathered at %L with portraits of the missing %P.",
    "The protocol mentions %W, which nobody present remembers.",
    "A complaint was sent to the prosecutor, index number %W.",
};
static const char *const russian[] = {
    "Неизвестные в масках пришли в квартиру, где живёт %P, %L, в %T.",
    "%P увезли из %L %N вооружённых людей в форме, ордера не показали.",
    "Звонивший не представился и угрожал уголовным делом: %P.",
    "По словам соседей, белая машина с номером %W стояла у дома с %T.",
    "Полиция отказалась регистрировать заявление и не выдала талон.",
    "Родственникам (%P) велели покинуть %L в течение %N дней.",
    "Адвоката не допускали %N часов.",
    "Двое свидетелей говорят, что дверь выломали, телефон забрали.",
    "Заявление повторили вечером по местному телевидению.",
    "%P отпущен в %T, на обеих руках синяки.",
    "В следственном комитете (%L) отрицают, что было задержание.",
    "Офис в %L подожгли, пожарные приехали через %N минут.",
    "Семья просит не называть имя.",
    "Около %N человек собрались у здания, %L, с портретами: %P.",
    "В протоколе упомянут %W, которого никто из присутствующих не помнит.",
    "Жалоба отправлена в прокуратуру, исходящий номер %W.",
};
static const char *const english_titles[] = {
    "Threat to %P by telephone",
    "%P detained in %L",
    "Search at the home of %P",
    "Police seize equipment in %L",
    "Statement by %P about %L",
    "Body found near %L",
    "House of relatives burned in %L",
    "%P beaten by unknown men",
    "Picket in %L",
    "%P accused on television",
    "Announcement of the administration of %L",
    "Letter to the prosecutor about %P",
    "Officials deny the detention of %P",
    "%P missing since %T",
    "Note on %W",
    "Staff leave %L",
};
static const char *const russian_titles[] = {
    "Угроза по телефону: %P",
    "%P: задержание, %L",
    "Обыск у %P",
    "Изъята техника, %L",
    "Заявление: %P, %L",
    "Найдено тело, %L",
    "Сожжён дом родственников, %L",
    "Избиение: %P",
    "Пикет, %L",
    "Обвинение по телевидению: %P",
    "Объявление администрации, %L",
    "Письмо прокурору о %P",
    "Отрицают задержание: %P",
    "Пропал %P, с %T",
    "Заметка о %W",
    "Сотрудники покинули %L",
};

static void cap_copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

/* A name of syllables in both alphabets. */
static void make_name(struct maker *maker, const struct word *ends, uint32_t end_count, char *latin,
                      size_t latin_size, char *cyrillic, size_t cyrillic_size)
{
    const struct word *first = &syllables[draw(maker, LW_COUNT_OF(syllables))];
    const struct word *second = &middles[draw(maker, LW_COUNT_OF(middles))];
    const struct word *third = &middles[draw(maker, LW_COUNT_OF(middles))];
    const struct word *end = &ends[draw(maker, end_count)];

    snprintf(latin, latin_size, "%s%s%s%s", first->latin, second->latin, third->latin, end->latin);
    snprintf(cyrillic, cyrillic_size, "%s%s%s%s", first->cyrillic, second->cyrillic,
             third->cyrillic, end->cyrillic);
}

/* The same number gives the same word: few of them are in many texts, most in few or in one. */
static void add_rare(struct maker *maker, bool cyrillic, struct lw_buf *out)
{
    uint32_t number = zipf_draw(maker, &maker->rare);
    enum lw_status status = LW_OK;

    if (number % 4 == 0)
        status = lw_buf_addf(out, "%c%03u%s", 'A' + (int)(number % 20), number % 1000,
                             cyrillic ? "ХА95" : "KX95");
    for (uint32_t left = number * 7 + 11; number % 4 != 0 && left > 0 && status == LW_OK;
         left /= 15) {
        const struct word *word = &middles[left % 15];

        status = lw_buf_adds(out, cyrillic ? word->cyrillic : word->latin);
    }
    must(status, NULL);
}

static void add_text(struct maker *maker, const char *pattern, bool cyrillic, uint32_t person,
                     uint32_t place, struct lw_buf *out)
{
    enum lw_status status = LW_OK;

    for (; *pattern != '\0' && status == LW_OK; pattern++) {
        if (*pattern != '%') {
            status = lw_buf_addc(out, *pattern);
            continue;
        }
        switch (*++pattern) {
        case 'P':
            status = lw_buf_adds(out, cyrillic ? maker->person[person].cyrillic
                                               : maker->person[person].latin);
            break;
        case 'L':
            status = lw_buf_adds(out, cyrillic ? maker->place[place].cyrillic
                                               : maker->place[place].latin);
            break;
        case 'N':
            status = lw_buf_addf(out, "%u", 2 + draw(maker, 40));
            break;
        case 'T':
            status = lw_buf_addf(out, "%02u:%02u", draw(maker, 24), 5 * draw(maker, 12));
            break;
        default:
            add_rare(maker, cyrillic, out);
        }
    }
    must(status, NULL);
}

/* ---- records ---- */

static void set(struct lw_record *record, const char *field, const char *text)
{
    must(lw_record_set_text(record, field, text, strlen(text)), NULL);
}

static void set_number(struct lw_record *record, const char *field, int64_t number)
{
    must(lw_record_set_number(record, field, number), NULL);
}

static void set_ref(struct lw_record *record, const char *field, const uint8_t id[LW_RECORD_ID])
{
    must(lw_record_set_ref(record, field, id), NULL);
}

static void begin_record(struct maker *maker, struct lw_record *record, enum lw_record_type type)
{
    lw_record_init(record, type);
    lw_journal_new_id(maker->journal, record->id);
}

static void put(struct maker *maker, struct lw_record *record, uint8_t id[LW_RECORD_ID])
{
    struct lw_error err = {.status = LW_OK};

    must(lw_record_put(maker->journal, record, NULL, &err), &err);
    if (id != NULL)
        memcpy(id, record->id, LW_RECORD_ID);
    lw_record_clear(record);
}

static void begin(struct maker *maker)
{
    struct lw_error err = {.status = LW_OK};

    must(lw_journal_begin(maker->journal, &err), &err);
}

static void commit(struct maker *maker)
{
    struct lw_error err = {.status = LW_OK};

    must(lw_journal_commit(maker->journal, &err), &err);
}

/* ---- who, where, from whom ---- */

static void make_person(struct maker *maker, struct person *person)
{
    const struct word *first = &first_names[draw(maker, LW_COUNT_OF(first_names))];
    char latin[48], cyrillic[80];
    bool in_russian = often(maker, 50);
    struct lw_record record;

    make_name(maker, family_ends, LW_COUNT_OF(family_ends), latin, sizeof latin, cyrillic,
              sizeof cyrillic);
    snprintf(person->latin, sizeof person->latin, "%s %s", first->latin, latin);
    snprintf(person->cyrillic, sizeof person->cyrillic, "%s %s", first->cyrillic, cyrillic);
    begin_record(maker, &record, LW_RECORD_PARTY);
    set(&record, "kind", "individual");
    set(&record, "name", in_russian ? person->cyrillic : person->latin);
    put(maker, &record, person->id);
    if (often(maker, 60))
        return;
    begin_record(maker, &record, LW_RECORD_NAME);
    set_ref(&record, "party", person->id);
    set(&record, "text", in_russian ? person->latin : person->cyrillic);
    set(&record, "script", in_russian ? "Latn" : "Cyrl");
    set(&record, "kind", "transliteration");
    put(maker, &record, NULL);
}

/* Regions, then towns, then villages and buildings in them. */
static void make_place(struct maker *maker, uint32_t at)
{
    struct place *place = &maker->place[at];
    bool in_russian = often(maker, 50);
    struct lw_record record;
    uint32_t count = LW_COUNT_OF(regions);

    if (at < count) {
        cap_copy(place->latin, sizeof place->latin, regions[at].latin);
        cap_copy(place->cyrillic, sizeof place->cyrillic, regions[at].cyrillic);
    } else if (at < count + LW_COUNT_OF(towns)) {
        cap_copy(place->latin, sizeof place->latin, towns[at - count].latin);
        cap_copy(place->cyrillic, sizeof place->cyrillic, towns[at - count].cyrillic);
    } else {
        make_name(maker, place_ends, LW_COUNT_OF(place_ends), place->latin, sizeof place->latin,
                  place->cyrillic, sizeof place->cyrillic);
    }
    begin_record(maker, &record, LW_RECORD_PLACE);
    set(&record, "name", in_russian ? place->cyrillic : place->latin);
    set(&record, "kind",
        at < count                        ? "region"
        : at < count + LW_COUNT_OF(towns) ? "town"
                                          : "building");
    if (at >= count)
        set_ref(&record, "parent",
                maker
                    ->place[at < count + LW_COUNT_OF(towns) ? draw(maker, count)
                                                            : draw(maker, at < 200 ? at : 200)]
                    .id);
    put(maker, &record, place->id);
}

static void make_source(struct maker *maker, uint32_t at)
{
    static const char *const titles[] = {"Новая газета, статья %W", "Caucasian Knot, report %W",
                                         "Interview with %P",       "Заявление, %P",
                                         "Joint letter %W",         "Письмо из %L"};
    uint32_t which = draw(maker, LW_COUNT_OF(titles));
    struct lw_buf text = LW_BUF_INIT;
    struct lw_record record;

    add_text(maker, titles[which], (unsigned char)titles[which][0] >= 0x80,
             zipf_draw(maker, &maker->people), zipf_draw(maker, &maker->places), &text);
    begin_record(maker, &record, LW_RECORD_SOURCE);
    set(&record, "title", lw_buf_text(&text));
    if (often(maker, 50)) {
        static const char *const grades[] = {"A", "B", "C", "D"};

        set(&record, "reliability", grades[draw(maker, 4)]);
    }
    put(maker, &record, maker->source[at]);
    lw_buf_free(&text);
}

static void make_incident(struct maker *maker, uint32_t at)
{
    struct lw_buf text = LW_BUF_INIT;
    bool cyrillic = often(maker, 50);
    struct lw_record record;

    add_text(maker, cyrillic ? "Дело %W, %L" : "Events in %L, %W", cyrillic,
             zipf_draw(maker, &maker->people), zipf_draw(maker, &maker->places), &text);
    begin_record(maker, &record, LW_RECORD_INCIDENT);
    set(&record, "title", lw_buf_text(&text));
    set(&record, "status", often(maker, 70) ? "closed" : "open");
    put(maker, &record, maker->incident[at]);
    lw_buf_free(&text);
}

static uint32_t at_least(uint32_t count, uint32_t least)
{
    return count < least ? least : count;
}

static void make_world(struct maker *maker)
{
    uint32_t people = at_least(maker->entries / 50, 100),
             places = at_least(maker->entries / 300, 40);
    uint32_t sources = at_least(maker->entries / 100, 40);
    uint32_t incidents = at_least(maker->entries / 400, 10);

    zipf_init(&maker->people, people);
    zipf_init(&maker->places, places);
    zipf_init(&maker->sources, sources);
    zipf_init(&maker->incidents, incidents);
    zipf_init(&maker->rare, at_least(maker->entries / 2, 1000));
    maker->person = memory(people, sizeof *maker->person);
    maker->place = memory(places, sizeof *maker->place);
    maker->source = memory(sources, sizeof *maker->source);
    maker->incident = memory(incidents, sizeof *maker->incident);
    begin(maker);
    for (uint32_t i = 0; i < people; i++)
        make_person(maker, &maker->person[i]);
    for (uint32_t i = 0; i < places; i++)
        make_place(maker, i);
    for (uint32_t i = 0; i < sources; i++)
        make_source(maker, i);
    for (uint32_t i = 0; i < incidents; i++)
        make_incident(maker, i);
    commit(maker);
}

/* ---- when ---- */

static void say_date(int64_t days, char out[32])
{
    int64_t year;
    unsigned month, day;

    lw_date_from_days(days, &year, &month, &day);
    snprintf(out, 32, "%04lld-%02u-%02u", (long long)year, month, day);
}

/* How long after it happened something is recorded, in days. */
static int64_t draw_delay(struct maker *maker)
{
    uint32_t how = draw(maker, 100);

    if (how < 55)
        return 0;
    if (how < 85)
        return 1 + draw(maker, 3);
    return how < 95 ? draw(maker, 30) : draw(maker, 700);
}

static void set_when(struct maker *maker, struct lw_record *entry, int64_t day)
{
    static const char *const parts[] = {"night", "morning", "afternoon", "evening"};
    static const char *const extents[] = {"throughout", "within", "repeated"};
    char date[32], end[32], text[96];
    uint32_t how = draw(maker, 100);

    if (how < 4)
        return;
    say_date(day, date);
    say_date(day + 1 + draw(maker, 20), end);
    if (how < 34)
        snprintf(text, sizeof text, "%s", date);
    else if (how < 59)
        snprintf(text, sizeof text, "%s %s", date, parts[draw(maker, 4)]);
    else if (how < 74)
        snprintf(text, sizeof text, "%s %02u:%02u", date, draw(maker, 24), draw(maker, 60));
    else if (how < 79)
        snprintf(text, sizeof text, "%s ~%02u:00", date, draw(maker, 24));
    else if (how < 84)
        snprintf(text, sizeof text, "%s~", date);
    else if (how < 92)
        snprintf(text, sizeof text, "%s/%s", date, end);
    else if (how < 94)
        snprintf(text, sizeof text, "%.7s", date);
    else if (how < 96)
        snprintf(text, sizeof text, "[%s,%s]", date, end);
    else if (how < 98)
        snprintf(text, sizeof text, "%s/..", date);
    else
        snprintf(text, sizeof text, "%.4s~", date);
    set(entry, "when", text);
    if (how >= 84 && how < 92)
        set(entry, "extent", extents[draw(maker, LW_COUNT_OF(extents))]);
}

/* ---- entries ---- */

/* What is written of one entry, and about whom. */
struct scene {
    uint8_t entry[LW_RECORD_ID];
    uint32_t kind, person, place;
    bool cyrillic;
    struct lw_buf text;
};

static const char *tell(struct maker *maker, struct scene *scene, uint32_t sentences)
{
    lw_buf_clear(&scene->text);
    for (uint32_t i = 0; i < sentences; i++) {
        if (i > 0)
            must(lw_buf_addc(&scene->text, ' '), NULL);
        add_text(maker,
                 scene->cyrillic ? russian[draw(maker, LW_COUNT_OF(russian))]
                                 : english[draw(maker, LW_COUNT_OF(english))],
                 scene->cyrillic, scene->person, scene->place, &scene->text);
    }
    return lw_buf_text(&scene->text);
}

static void put_entry(struct maker *maker, struct scene *scene, int64_t day, bool draft)
{
    struct lw_record entry;

    begin_record(maker, &entry, LW_RECORD_ENTRY);
    lw_buf_clear(&scene->text);
    add_text(maker, scene->cyrillic ? russian_titles[scene->kind] : english_titles[scene->kind],
             scene->cyrillic, scene->person, scene->place, &scene->text);
    set(&entry, "title", lw_buf_text(&scene->text));
    if (often(maker, 93))
        set(&entry, "kind", kinds[scene->kind]);
    if (often(maker, 65))
        set(&entry, "narrative", tell(maker, scene, 1 + draw(maker, 5)));
    if (often(maker, 12))
        set(&entry, "hedge", scene->cyrillic ? "предположительно" : "apparent");
    set_when(maker, &entry, day - draw_delay(maker));
    if (often(maker, 85))
        set_ref(&entry, "place", maker->place[scene->place].id);
    if (often(maker, 30))
        set_ref(&entry, "incident", maker->incident[zipf_draw(maker, &maker->incidents)]);
    set(&entry, "status", draft ? "draft" : "sealed");
    set_number(&entry, "recorded_at", maker->clock->now_ms);
    put(maker, &entry, scene->entry);
}

static void put_people(struct maker *maker, const struct scene *scene)
{
    static const char *const roles[] = {"victim", "perpetrator", "witness", "lawyer", "addressee"};
    uint32_t more = draw(maker, 100);
    uint32_t count = more < 20 ? 0 : more < 70 ? 1 : more < 92 ? 2 : 3;

    for (uint32_t i = 0; i < count; i++) {
        struct lw_record record;
        uint32_t who = i == 0 ? scene->person : zipf_draw(maker, &maker->people);

        begin_record(maker, &record, LW_RECORD_PARTICIPATION);
        set_ref(&record, "entry", scene->entry);
        set_ref(&record, "party", maker->person[who].id);
        set(&record, "role", roles[i == 0 ? 0 : draw(maker, LW_COUNT_OF(roles))]);
        put(maker, &record, NULL);
    }
}

static void put_claim(struct maker *maker, const uint8_t account[LW_RECORD_ID], bool cyrillic)
{
    struct lw_record record;
    char text[32];
    uint32_t figure = 1 + draw(maker, 5);

    begin_record(maker, &record, LW_RECORD_CLAIM);
    set_ref(&record, "account", account);
    set(&record, "fact", cyrillic ? "число нападавших" : "attackers");
    snprintf(text, sizeof text, "%u", figure);
    set(&record, "text", text);
    set_number(&record, "min", figure);
    set_number(&record, "max", figure);
    set(&record, "stance", "asserted");
    set(&record, "status", "open");
    put(maker, &record, NULL);
}

static void put_accounts(struct maker *maker, struct scene *scene)
{
    uint32_t more = draw(maker, 100);
    uint32_t count = more < 55 ? 0 : more < 90 ? 1 : 2;
    bool claimed = often(maker, 25);
    uint8_t account[LW_RECORD_ID];

    for (uint32_t i = 0; i < count; i++) {
        struct lw_record record;

        begin_record(maker, &record, LW_RECORD_ACCOUNT);
        set_ref(&record, "entry", scene->entry);
        set_ref(&record, "source", maker->source[zipf_draw(maker, &maker->sources)]);
        set(&record, "quote", tell(maker, scene, 1 + draw(maker, 2)));
        set(&record, "language", scene->cyrillic ? "ru" : "en");
        put(maker, &record, account);
        if (claimed)
            put_claim(maker, account, scene->cyrillic);
    }
}

static void put_answer(struct maker *maker, const struct scene *scene, const char *key,
                       const char *text)
{
    struct lw_record record;

    begin_record(maker, &record, LW_RECORD_FIELD);
    set_ref(&record, "entry", scene->entry);
    set(&record, "key", key);
    set(&record, "text", text);
    put(maker, &record, NULL);
}

static void put_answers(struct maker *maker, const struct scene *scene)
{
    static const char *const channels[] = {"sms", "call", "in person", "letter"};
    char text[32];

    if (scene->kind == 0) {
        put_answer(maker, scene, "channel", channels[draw(maker, LW_COUNT_OF(channels))]);
        snprintf(text, sizeof text, "+7 928 %03u %02u %02u", draw(maker, 1000), draw(maker, 100),
                 draw(maker, 100));
        put_answer(maker, scene, "sender", text);
    } else if (scene->kind == 2) {
        put_answer(maker, scene, "warrant", often(maker, 70) ? "no" : "yes");
    }
}

static void put_item(struct maker *maker, const struct scene *scene)
{
    static const char *const things[] = {"laptop",      "телефон", "hard disk",
                                         "фотоаппарат", "papers",  "документы"};
    struct lw_record record;

    begin_record(maker, &record, LW_RECORD_ITEM);
    set_ref(&record, "entry", scene->entry);
    set(&record, "kind", "seized");
    set(&record, "description", things[draw(maker, LW_COUNT_OF(things))]);
    set_ref(&record, "owner", maker->person[scene->person].id);
    set_number(&record, "count_min", 1 + draw(maker, 3));
    put(maker, &record, NULL);
}

static void put_ties(struct maker *maker, const struct scene *scene, int64_t day)
{
    struct lw_record record;
    char date[32];

    if (maker->has_last && often(maker, 2)) {
        begin_record(maker, &record, LW_RECORD_PRECEDENCE);
        set_ref(&record, "earlier", maker->last);
        set_ref(&record, "later", scene->entry);
        set(&record, "kind", "before");
        put(maker, &record, NULL);
    }
    if (maker->has_last && often(maker, 2)) {
        begin_record(maker, &record, LW_RECORD_LINK);
        set_ref(&record, "from", scene->entry);
        set_ref(&record, "to", maker->last);
        set(&record, "kind", often(maker, 30) ? "contradicts" : "follows");
        put(maker, &record, NULL);
    }
    if (often(maker, 1)) {
        say_date(day + 14, date);
        begin_record(maker, &record, LW_RECORD_TASK);
        set_ref(&record, "entry", scene->entry);
        set(&record, "title", scene->cyrillic ? "Позвонить адвокату" : "Call the lawyer");
        set(&record, "due", date);
        if (often(maker, 99)) {
            set_number(&record, "done", 1);
            set_number(&record, "done_at", maker->clock->now_ms);
        }
        put(maker, &record, NULL);
    }
}

/* What is frozen is complete: a sealed entry and what hangs on it come in one transaction. */
static void make_entry(struct maker *maker, struct scene *scene, uint32_t number)
{
    double at = (number + 0.5) / maker->entries;
    uint32_t day = find(maker->day, GENERATED_DAYS, at);
    double before = day > 0 ? maker->day[day - 1] : 0;
    int64_t whole = GENERATED_FIRST_DAY + day;

    maker->clock->now_ms =
        whole * INT64_C(86400000) + (int64_t)((at - before) / (maker->day[day] - before) * 86e6);
    scene->kind = draw(maker, LW_COUNT_OF(kinds)) * (1 + draw(maker, 2)) / 2;
    scene->person = zipf_draw(maker, &maker->people);
    scene->place = zipf_draw(maker, &maker->places);
    scene->cyrillic = often(maker, 55);
    put_entry(maker, scene, whole, at > 0.995);
    put_people(maker, scene);
    put_accounts(maker, scene);
    put_answers(maker, scene);
    if (scene->kind == 3)
        put_item(maker, scene);
    put_ties(maker, scene, whole);
    memcpy(maker->last, scene->entry, LW_RECORD_ID);
    maker->has_last = true;
}

/* ---- all of it ---- */

static int64_t clock_now(void *context)
{
    return ((const struct generated_clock *)context)->now_ms;
}

static int clock_offset(void *context, int64_t unix_sec)
{
    (void)context;
    (void)unix_sec;
    return 180;
}

void generated_clock_init(struct generated_clock *clock)
{
    clock->clock = (struct lw_clock){clock_now, clock_offset, clock};
    clock->now_ms = GENERATED_FIRST_DAY * INT64_C(86400000);
}

static void free_maker(struct maker *maker)
{
    free(maker->day);
    free(maker->person);
    free(maker->place);
    free(maker->source);
    free(maker->incident);
    free(maker->people.up_to);
    free(maker->places.up_to);
    free(maker->sources.up_to);
    free(maker->incidents.up_to);
    free(maker->rare.up_to);
}

void generate(struct lw_journal *journal, struct generated_clock *clock, uint32_t entries,
              uint64_t seed)
{
    struct maker maker = {.journal = journal, .clock = clock, .chance = seed, .entries = entries};
    struct scene scene = {.text = LW_BUF_INIT};

    make_days(&maker);
    make_world(&maker);
    for (uint32_t i = 0; i < entries; i++) {
        if (i % BATCH == 0)
            begin(&maker);
        make_entry(&maker, &scene, i);
        if (i % BATCH == BATCH - 1 || i + 1 == entries) {
            commit(&maker);
            if ((i + 1) % 100000 == 0)
                fprintf(stderr, "%" PRIu32 " entries\n", i + 1);
        }
    }
    lw_buf_free(&scene.text);
    free_maker(&maker);
}
