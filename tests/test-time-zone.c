/* test-time-zone.c - the time zones of appointments: read, written, known by name or by rule
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>

#include "imsg-time-zone-private.h"
#include "test-util.h"

/* "UTC", one rule, no daylight time */
static const char utc_definition[] =
  "02010C00 02000300 55005400 4300 0100 02013E00 0200 41060100 00000100 00000000 00000000 00000000"
  "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000";

/* W. Europe, from the last Sunday of October at 3 and that of March at 2 */
static const char europe_struct[] =
  "C4FFFFFF 00000000 C4FFFFFF 0000 0000 0A00 0000 0500 0300 0000 0000 0000"
  "0000 0000 0300 0000 0500 0200 0000 0000 0000";

static void
test_written_as_read (void)
{
  g_autoptr(GBytes) definition = test_bytes_from_hex (utc_definition);
  g_autoptr(GBytes) structure = test_bytes_from_hex (europe_struct);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgTimeZone) utc = _imsg_time_zone_parse_definition (definition, &error);
  g_autoptr(IMsgTimeZone) europe = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GBytes) written_struct = NULL;

  g_assert_no_error (error);
  written = _imsg_time_zone_build_definition (utc, FALSE);
  g_assert_true (g_bytes_equal (written, definition));
  europe = _imsg_time_zone_parse_struct (structure, &error);
  g_assert_no_error (error);
  written_struct = _imsg_time_zone_build_struct (europe);
  g_assert_true (g_bytes_equal (written_struct, structure));
  g_assert_cmpstr (_imsg_time_zone_find_name (europe, NULL), ==, "W. Europe Standard Time");
}

/* Each rule says how long it is: four bytes more than is known here, and the one in force behind. */
static void
test_longer_rule (void)
{
  g_autoptr(GBytes) definition = test_bytes_from_hex (
    "02010600 02000000 0200"
    "02014200 0000 41060100 00000100 00000000 00000000 4CFFFFFF 00000000 00000000"
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 AABBCCDD"
    "02013E00 0200 DF070100 00000100 00000000 00000000 10FFFFFF 00000000 00000000"
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgTimeZone) zone = _imsg_time_zone_parse_definition (definition, &error);

  g_assert_no_error (error);
  g_assert_cmpint (zone->bias, ==, -240);
}

static const struct
{
  const char *id;
  const char *name;
  int         bias;
  guint       daylight_month; /* 0 when there is no daylight time */
  guint       daylight_day;
} zones[] = {
  { "W. Europe Standard Time", "W. Europe Standard Time", -60, 3, 5 },
  { "Europe/Berlin", "W. Europe Standard Time", -60, 3, 5 },
  /* by another name of the same zone */
  { "Europe/Vienna", "W. Europe Standard Time", -60, 3, 5 },
  { "America/Argentina/Buenos_Aires", "Argentina Standard Time", 180, 0, 0 },
  { "Africa/Ndjamena", "W. Central Africa Standard Time", -60, 0, 0 },
  { "America/Barbados", "SA Western Standard Time", 240, 0, 0 },
  { "Pacific/Efate", "Central Pacific Standard Time", -660, 0, 0 },
  { "Asia/Gaza", "West Bank Standard Time", -120, 3, 5 },
  { "America/Toronto", "Eastern Standard Time", 300, 3, 2 },
  { "Australia/Melbourne", "AUS Eastern Standard Time", -600, 10, 1 },
  { "Asia/Hong_Kong", "China Standard Time", -480, 0, 0 },
  { "Africa/Maputo", "South Africa Standard Time", -120, 0, 0 },
  { "/mozilla.org/20050126_1/America/New_York", "Eastern Standard Time", 300, 3, 2 },
  { "/freeassociation.sourceforge.net/Asia/Tokyo", "Tokyo Standard Time", -540, 0, 0 },
  { "UTC", "UTC", 0, 0, 0 },
  { "CET", "Romance Standard Time", -60, 3, 5 },
  { "EET", "GTB Standard Time", -120, 3, 5 },
};

static void
test_known (void)
{
  if (!g_file_test ("/usr/share/zoneinfo/Europe/Vienna", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("The system has no time zone database");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr(IMsgTimeZone) zone = _imsg_time_zone_new_known (zones[i].id);

      g_assert_nonnull (zone);
      g_assert_cmpstr (zone->name, ==, zones[i].name);
      g_assert_cmpint (zone->bias, ==, zones[i].bias);
      g_assert_cmpuint (zone->daylight.month, ==, zones[i].daylight_month);
      g_assert_cmpuint (zone->daylight.day, ==, zones[i].daylight_day);
    }
  g_assert_cmpstr (_imsg_time_zone_find_iana ("Romance Standard Time"), ==, "Europe/Paris");
  g_assert_null (_imsg_time_zone_find_iana ("Nowhere"));
}

/* A rule alone: the name of a zone whose rule is not known to change */
static void
test_name_of_rule (void)
{
  static const struct
  {
    int         bias;
    const char *name;
  } rules[] = { { 240, "SA Western Standard Time" }, { 180, "SA Eastern Standard Time" },
                { -60, "W. Central Africa Standard Time" },
                { -660, "Central Pacific Standard Time" } };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      IMsgTimeZone zone = { .bias = rules[i].bias };

      g_assert_cmpstr (_imsg_time_zone_find_name (&zone, "Nowhere"), ==, rules[i].name);
    }
}

static void
test_unknown (void)
{
  static const char *const ids[] = { "", "Nowhere", "../../../etc/passwd", "/etc/passwd", "EST5EDT,M3.2.0",
                                     "Europe/../../../../etc/passwd", "x/////////////////////y",
                                     "Europe/", "/" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (_imsg_time_zone_new_known (ids[i]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/time-zone/written-as-read", test_written_as_read);
  g_test_add_func ("/imsg/time-zone/longer-rule", test_longer_rule);
  g_test_add_func ("/imsg/time-zone/known", test_known);
  g_test_add_func ("/imsg/time-zone/name-of-rule", test_name_of_rule);
  g_test_add_func ("/imsg/time-zone/unknown", test_unknown);
  return g_test_run ();
}
