/* test-recurrence.c - the patterns of recurring items: read, written, said as rules, walked over
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>
#include <libical/ical.h>
#include <string.h>

#include "imsg-recurrence-private.h"
#include "test-util.h"

#define MAX_OCCURRENCES 400

/* Weekly on Monday from 2024-01-08, 5 times, 10:00 to 10:30; the occurrence of 01-15 moved to
 * 01-16 11:00 with the subject "Hi". */
static const char moved[] =
  "04300430 0B200100 0000 C0210000 01000000 00000000 02000000 22200000 05000000 00000000"
  "01000000 6004430D 01000000 000A430D 00DD420D 807A430D 06300000 09300000 58020000 76020000"
  "0100 940C430D B20C430D B806430D 0100 03000200 4869 00000000 04000000 00000000 00000000"
  "940C430D B20C430D B806430D 02004800 6900 00000000 00000000";

static guint32
minutes_of (const char *date)
{
  g_autofree char *iso = g_strconcat (date, "T00:00:00Z", NULL);
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (iso, NULL);

  g_assert_nonnull (time);
  return (guint32) ((g_date_time_to_unix (time) + G_GINT64_CONSTANT (11644473600)) / 60);
}

/* --- reading and writing --- */

static void
test_written_as_read (void)
{
  static const char *const blobs[] = {
    moved,
    /* Mondays 10:00 to 10:30 without end */
    "0430 0430 0B20 0100 0000 C0210000 01000000 00000000 02000000 23200000 0A000000 00000000"
    "00000000 00000000 00DD420D DF80E95A 06300000 09300000 58020000 76020000 0000 00000000 00000000",
    /* of a task, every third day, nothing behind the dates */
    "0430 0430 0A20 0000 0000 00000000 E0100000 01000000 21200000 03000000 00000000"
    "00000000 00000000 00DD420D 807A430D",
    /* with bytes that nobody knows behind it */
    "0430 0430 0A20 0000 0000 00000000 E0100000 01000000 21200000 03000000 00000000"
    "00000000 00000000 00DD420D 807A430D AABBCCDD",
    /* the second Tuesday of the month, every flag of an exception, a code page text */
    "0430 0430 0C20 0300 0000 00000000 01000000 00000000 04000000 02000000 22200000 05000000"
    "00000000 01000000 6004430D 01000000 000A430D 00DD420D 807A430D 06300000 09300000 58020000"
    "76020000 0100 940C430D B20C430D B806430D FF03 03000200 E4F6 01000000 0F000000 01000000"
    "02000100 52 03000000 01000000 00000000 05000000 02000000 AABB 08000000 0100000000000000"
    "01000000 CC 940C430D B20C430D B806430D 0200E400F600 01005200 00000000 00000000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
    {
      g_autoptr(GBytes) bytes = test_bytes_from_hex (blobs[i]);
      g_autoptr(GBytes) written = NULL;
      g_autoptr(IMsgRecurrence) recurrence = NULL;
      g_autoptr(GError) error = NULL;

      recurrence = _imsg_recurrence_parse (bytes, 1252, &error);
      g_assert_no_error (error);
      written = _imsg_recurrence_build (recurrence, 1252);
      g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written),
                       g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
}

static void
test_fields (void)
{
  g_autoptr(GBytes) bytes = test_bytes_from_hex (moved);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecurrence) recurrence = _imsg_recurrence_parse (bytes, 1252, &error);
  const IMsgException *exception;
  guint32 start_date, first_date, end_date;

  g_assert_no_error (error);
  g_assert_cmpuint (recurrence->deleted->len, ==, 1);
  g_assert_cmpuint (g_array_index (recurrence->deleted, guint32, 0), ==, minutes_of ("2024-01-15"));
  exception = &g_array_index (recurrence->exceptions, IMsgException, 0);
  g_assert_cmpstr (exception->subject, ==, "Hi");
  g_assert_cmpuint (exception->start, ==, minutes_of ("2024-01-16") + 11 * 60);

  /* what is computed is what was stored */
  start_date = recurrence->start_date;
  first_date = recurrence->first_date;
  end_date = recurrence->end_date;
  recurrence->first_date = recurrence->end_date = 0;
  _imsg_recurrence_complete (recurrence);
  g_assert_cmpuint (recurrence->start_date, ==, start_date);
  g_assert_cmpuint (recurrence->first_date, ==, first_date);
  g_assert_cmpuint (recurrence->end_date, ==, end_date);
}

static const struct
{
  const char *name;
  const char *hex;
} damaged[] = {
  { "empty", "" },
  { "no-frequency", "0430 0430 0920 0000 0000 00000000 A0050000 00000000" },
  { "no-pattern", "0430 0430 0A20 0500 0000 00000000 A0050000 00000000" },
  { "too-many-deleted", "0430 0430 0A20 0000 0000 00000000 A0050000 00000000 23200000 0A000000"
                        "00000000 FFFFFFFF 00000000 00DD420D DF80E95A" },
  { "too-many-exceptions", "0430 0430 0A20 0000 0000 00000000 A0050000 00000000 23200000 0A000000"
                           "00000000 00000000 00000000 00DD420D DF80E95A 06300000 09300000 58020000"
                           "76020000 FFFF" },
  { "text-lengths", "0430 0430 0A20 0000 0000 00000000 A0050000 00000000 23200000 0A000000"
                    "00000000 00000000 00000000 00DD420D DF80E95A 06300000 09300000 58020000"
                    "76020000 0100 940C430D B20C430D B806430D 0100 05000200 4869" },
};

static void
test_damaged (gconstpointer data)
{
  g_autoptr(GBytes) bytes = test_bytes_from_hex (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecurrence) recurrence = _imsg_recurrence_parse (bytes, 1252, &error);

  g_assert_null (recurrence);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

/* --- rules --- */

static const struct
{
  const char *name;
  const char *start;
  const char *rule;
  const char *same; /* what comes out, when it is said otherwise */
} rules[] = {
  { "daily", "2024-01-08", "FREQ=DAILY;COUNT=40", NULL },
  { "every-third-day", "2024-02-27", "FREQ=DAILY;INTERVAL=3;COUNT=30", NULL },
  { "weekly", "2024-01-08", "FREQ=WEEKLY;BYDAY=MO;WKST=SU;COUNT=60", NULL },
  { "weekly-by-start", "2024-01-10", "FREQ=WEEKLY;WKST=SU;COUNT=6",
    "FREQ=WEEKLY;BYDAY=WE;WKST=SU;COUNT=6" },
  { "weekdays", "2024-01-08", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;WKST=MO;COUNT=52", NULL },
  { "weekdays-as-daily", "2024-01-08", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=12",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;WKST=MO;COUNT=12" },
  { "two-weeks-sunday-first", "2024-01-09", "FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;WKST=SU;COUNT=9",
    NULL },
  { "two-weeks-monday-first", "2024-01-09", "FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;WKST=MO;COUNT=9",
    NULL },
  { "month-day", "2024-01-15", "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=30", NULL },
  { "month-by-start", "2024-01-15", "FREQ=MONTHLY;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=3" },
  { "day-30-or-last", "2024-01-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=14", NULL },
  { "day-29-or-last", "2023-01-29", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1;COUNT=14", NULL },
  { "month-end", "2024-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=2;COUNT=20", NULL },
  { "second-tuesday", "2024-01-09", "FREQ=MONTHLY;BYDAY=2TU;COUNT=20", NULL },
  { "last-friday", "2024-01-26", "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3;COUNT=20", NULL },
  { "last-weekday", "2024-01-31", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=20", NULL },
  { "first-weekend-day", "2024-01-06", "FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=1;COUNT=20", NULL },
  { "yearly", "2024-05-17", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17;COUNT=20", NULL },
  { "yearly-by-start", "2024-05-17", "FREQ=YEARLY;COUNT=20",
    "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17;COUNT=20" },
  { "thanksgiving", "2024-11-28", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=30", NULL },
  { "every-second-year", "2024-10-27", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;INTERVAL=2;COUNT=10",
    NULL },
  { "until", "2024-01-08", "FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU;UNTIL=20240331", NULL },
  { "never", "2024-01-08", "FREQ=DAILY;INTERVAL=2", NULL },
};

static GPtrArray *
walk_rule (const char *text,
           const char *start)
{
  GPtrArray *dates = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) parts = g_strsplit (start, "-", 3);
  g_autofree char *compact = g_strjoinv ("", parts);
  icalrecur_iterator *iterator = icalrecur_iterator_new (icalrecurrencetype_from_string (text),
                                                         icaltime_from_string (compact));
  struct icaltimetype next;

  g_assert_nonnull (iterator);
  while (dates->len < MAX_OCCURRENCES &&
         !icaltime_is_null_time (next = icalrecur_iterator_next (iterator)))
    g_ptr_array_add (dates, g_strdup_printf ("%04d-%02d-%02d", next.year, next.month, next.day));
  icalrecur_iterator_free (iterator);
  return dates;
}

static GPtrArray *
walk_pattern (const IMsgRecurrence *recurrence)
{
  GPtrArray *dates = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  IMsgOccurrences occurrences;
  guint32 date;

  _imsg_occurrences_init (&occurrences, recurrence);
  while (dates->len < MAX_OCCURRENCES && _imsg_occurrences_next (&occurrences, &date))
    {
      g_autoptr(GDateTime) day = _imsg_recurrence_to_date (date, utc);

      g_ptr_array_add (dates, g_date_time_format (day, "%Y-%m-%d"));
    }
  return dates;
}

static void
assert_same_dates (GPtrArray *a,
                   GPtrArray *b)
{
  for (guint i = 0; i < MIN (a->len, b->len); i++)
    g_assert_cmpstr (g_ptr_array_index (a, i), ==, g_ptr_array_index (b, i));
  g_assert_cmpuint (a->len, ==, b->len);
}

static IMsgRecurrence *
import_rule (const char *text,
             const char *start,
             gboolean   *is_exact,
             GError    **error)
{
  struct icalrecurrencetype rule = icalrecurrencetype_from_string (text);
  IMsgRecurrence *recurrence =
    _imsg_recurrence_from_rrule (&rule, minutes_of (start), is_exact, error);

  /* libical hands it over with the rule */
  free (rule.rscale);
  if (recurrence == NULL)
    return NULL;
  if (rule.count > 0)
    {
      recurrence->end_type = IMSG_RECURRENCE_END_COUNT;
      recurrence->count = (guint32) rule.count;
    }
  else if (!icaltime_is_null_time (rule.until))
    {
      g_autofree char *until = g_strdup_printf ("%04d-%02d-%02d", rule.until.year, rule.until.month,
                                                rule.until.day);

      recurrence->end_type = IMSG_RECURRENCE_END_DATE;
      recurrence->end_date = minutes_of (until);
    }
  _imsg_recurrence_complete (recurrence);
  return recurrence;
}

/* A rule, the pattern made of it, the same pattern stored and read, and the rule made of that all
 * name the same days. */
static void
test_rule (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GPtrArray) by_rule = walk_rule (rules[i].rule, rules[i].start);
  g_autoptr(GPtrArray) by_pattern = NULL;
  g_autoptr(GPtrArray) by_own_rule = NULL;
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  g_autoptr(IMsgRecurrence) stored = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *own = NULL;
  g_autofree char *with_end = NULL;
  const char *expected = rules[i].same != NULL ? rules[i].same : rules[i].rule;
  const char *end = strstr (expected, "COUNT") != NULL ? strstr (expected, ";COUNT")
                                                       : strstr (expected, ";UNTIL");
  gboolean is_exact = FALSE;

  recurrence = import_rule (rules[i].rule, rules[i].start, &is_exact, &error);
  g_assert_no_error (error);
  g_assert_true (is_exact);
  bytes = _imsg_recurrence_build (recurrence, 1252);
  stored = _imsg_recurrence_parse (bytes, 1252, &error);
  g_assert_no_error (error);
  by_pattern = walk_pattern (stored);
  assert_same_dates (by_rule, by_pattern);
  if (stored->end_type == IMSG_RECURRENCE_END_DATE)
    g_assert_cmpuint (stored->count, ==, by_rule->len);
  if (stored->end_type == IMSG_RECURRENCE_END_COUNT)
    g_assert_cmpuint (stored->end_date, ==, minutes_of (by_rule->pdata[by_rule->len - 1]));

  own = _imsg_recurrence_to_rrule (stored, &error);
  g_assert_no_error (error);
  with_end = g_strconcat (own, end, NULL);
  by_own_rule = walk_rule (with_end, rules[i].start);
  assert_same_dates (by_rule, by_own_rule);
  /* the parts may stand in another order */
  {
    g_auto(GStrv) parts = g_strsplit (expected, ";", -1);

    for (guint k = 0; parts[k] != NULL; k++)
      if (!g_str_has_prefix (parts[k], "WKST") || strstr (parts[0], "WEEKLY") != NULL)
        g_assert_nonnull (strstr (with_end, parts[k]));
  }
}

static void
test_rules_refused (void)
{
  static const char *const refused[] = {
    "FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=1000000000", "FREQ=MINUTELY;INTERVAL=5", "FREQ=HOURLY",
    "FREQ=DAILY;BYHOUR=9,17", "FREQ=DAILY;INTERVAL=2;BYDAY=MO", "FREQ=WEEKLY;BYMONTH=3",
    "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=-2",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=5MO",
    "FREQ=YEARLY;BYMONTH=1,7", "FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYMONTH=2", "RSCALE=HEBREW;FREQ=YEARLY",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean is_exact;

      g_assert_null (import_rule (refused[i], "2024-01-15", &is_exact, &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
    }
}

/* Months of other calendars: iCalendar would take the day for one of the Gregorian month. */
static void
test_other_calendars (void)
{
  static const struct
  {
    guint16  calendar;
    gboolean is_said;
  } calendars[] = { { 0x0, TRUE }, { 0x1, TRUE }, { 0x7, TRUE }, { 0xC, TRUE },
                    { 0x6, FALSE }, { 0x8, FALSE }, { 0xE, FALSE }, { 0xF, FALSE },
                    { 0x10, FALSE }, { 0x14, FALSE } };
  gboolean is_exact;

  for (guint i = 0; i < G_N_ELEMENTS (calendars); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgRecurrence) yearly = import_rule ("FREQ=YEARLY", "2024-01-15", &is_exact, NULL);
      g_autoptr(IMsgRecurrence) daily = import_rule ("FREQ=DAILY", "2024-01-15", &is_exact, NULL);
      g_autofree char *rule = NULL;
      g_autofree char *days = NULL;

      yearly->calendar = daily->calendar = calendars[i].calendar;
      rule = _imsg_recurrence_to_rrule (yearly, &error);
      if (calendars[i].is_said)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
      days = _imsg_recurrence_to_rrule (daily, NULL);
      g_assert_nonnull (days);
    }
}

/* What is left out by a rule and moved by a message is told. */
static void
test_short_months (void)
{
  g_autoptr(GError) error = NULL;
  gboolean is_exact = TRUE;
  g_autoptr(IMsgRecurrence) monthly =
    import_rule ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "2024-01-31", &is_exact, &error);
  g_autoptr(IMsgRecurrence) leap_day = NULL;
  g_autoptr(IMsgRecurrence) new_year_eve = NULL;

  g_assert_no_error (error);
  g_assert_false (is_exact);
  leap_day = import_rule ("FREQ=YEARLY", "2024-02-29", &is_exact, &error);
  g_assert_false (is_exact);
  new_year_eve = import_rule ("FREQ=YEARLY", "2024-12-31", &is_exact, &error);
  g_assert_true (is_exact);
}

/* However far a count reaches, the walk ends with time itself. */
static void
test_absurd_counts (void)
{
  static const char *const absurd[] = {
    "FREQ=DAILY;COUNT=2000000000", "FREQ=DAILY;INTERVAL=32000;COUNT=2000000000",
    "FREQ=WEEKLY;BYDAY=MO;COUNT=2000000000", "FREQ=MONTHLY;INTERVAL=30000;COUNT=2000000000",
    "FREQ=YEARLY;INTERVAL=30000;COUNT=2000000000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (absurd); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean is_exact;
      g_autoptr(IMsgRecurrence) recurrence = import_rule (absurd[i], "2024-01-15", &is_exact, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (recurrence->end_type, ==, IMSG_RECURRENCE_END_NEVER);
      g_assert_cmpuint (recurrence->end_date, ==, IMSG_RECURRENCE_NO_END);
    }
}

/* Fields that no program wrote: the walk still ends. */
static void
test_absurd_patterns (void)
{
  for (guint pattern = 0; pattern <= 0xC; pattern++)
    for (guint step = 0; step < 3; step++)
      {
        g_autoptr(IMsgRecurrence) recurrence = _imsg_recurrence_new ();
        IMsgOccurrences occurrences;
        guint32 date;

        recurrence->pattern = (guint16) pattern;
        recurrence->period = step == 0 ? 0 : step == 1 ? 1 : G_MAXUINT32;
        recurrence->nth = step == 1 ? 0 : 77;
        recurrence->day = step == 1 ? 0 : G_MAXUINT32;
        recurrence->first_day_of_week = G_MAXUINT32;
        recurrence->start_date = step == 2 ? G_MAXUINT32 : 0;
        recurrence->count = G_MAXUINT32;
        recurrence->end_type = IMSG_RECURRENCE_END_COUNT;
        _imsg_occurrences_init (&occurrences, recurrence);
        while (_imsg_occurrences_next (&occurrences, &date))
          g_assert_cmpuint (date, <, IMSG_RECURRENCE_NO_END);
        _imsg_recurrence_complete (recurrence);
      }
}

static void
test_text (void)
{
  static const struct
  {
    const char *start;
    const char *rule;
    const char *text;
  } texts[] = {
    { "2024-01-09", "FREQ=WEEKLY;BYDAY=TU", "every Tuesday" },
    { "2024-01-09", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,TH",
      "every 2 weeks on Monday, Tuesday and Thursday" },
    { "2024-01-09", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday" },
    { "2024-01-09", "FREQ=DAILY", "every day" },
    { "2024-01-09", "FREQ=DAILY;INTERVAL=4", "every 4 days" },
    { "2024-01-09", "FREQ=MONTHLY;BYMONTHDAY=9", "day 9 of every month" },
    { "2024-01-09", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", "the second Tuesday of every 2 months" },
    { "2024-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of every month" },
    { "2024-01-09", "FREQ=YEARLY", "day 9 of January every year" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean is_exact;
      g_autoptr(IMsgRecurrence) recurrence =
        import_rule (texts[i].rule, texts[i].start, &is_exact, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = _imsg_recurrence_to_text (recurrence);
      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

/* --- real ones --- */

static void
check_value (IMsgMessage *message,
             const char  *set,
             guint32      id,
             guint       *n_seen)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint property = imsg_property_object_resolve_property_name (object, name, FALSE, NULL);
  guint32 tag = property != 0 ? imsg_property_object_find_tag (object, imsg_property_tag (0, property))
                              : 0;
  g_autoptr(GBytes) bytes = tag != 0 ? imsg_property_object_get_bytes (object, tag) : NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(IMsgRecurrence) recurrence = NULL;
  IMsgRecurrence computed;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;
  recurrence = _imsg_recurrence_parse (bytes, imsg_message_get_code_page (message), NULL);
  if (recurrence == NULL)
    return;
  (*n_seen)++;
  written = _imsg_recurrence_build (recurrence, imsg_message_get_code_page (message));
  g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written),
                   g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  /* the phase that Outlook wrote is the one we compute; so is the end of a counted series */
  computed = *recurrence;
  _imsg_recurrence_complete (&computed);
  g_assert_cmpuint (computed.first_date, ==, recurrence->first_date);
  if (recurrence->end_type == IMSG_RECURRENCE_END_COUNT)
    g_assert_cmpuint (computed.end_date, ==, recurrence->end_date);
}

static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  guint n_seen = 0;

  if (paths->len == 0)
    {
      g_test_skip ("There are no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GFile) file = g_file_new_for_path (g_ptr_array_index (paths, i));
      g_autoptr(IMsgMessage) message =
        imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, NULL);

      if (message == NULL)
        continue;
      check_value (message, "PSETID_Appointment", 0x8216, &n_seen);
      check_value (message, "PSETID_Task", 0x8116, &n_seen);
      imsg_session_close (session);
    }
  g_test_message ("%u recurrences", n_seen);
  g_assert_cmpuint (n_seen, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/recurrence/written-as-read", test_written_as_read);
  g_test_add_func ("/imsg/recurrence/fields", test_fields);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/recurrence/damaged/", damaged[i].name, NULL);

      g_test_add_data_func (path, damaged[i].hex, test_damaged);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/recurrence/rule/", rules[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_rule);
    }
  g_test_add_func ("/imsg/recurrence/rules-refused", test_rules_refused);
  g_test_add_func ("/imsg/recurrence/other-calendars", test_other_calendars);
  g_test_add_func ("/imsg/recurrence/short-months", test_short_months);
  g_test_add_func ("/imsg/recurrence/absurd-counts", test_absurd_counts);
  g_test_add_func ("/imsg/recurrence/absurd-patterns", test_absurd_patterns);
  g_test_add_func ("/imsg/recurrence/text", test_text);
  g_test_add_func ("/imsg/recurrence/samples", test_samples);
  return g_test_run ();
}
