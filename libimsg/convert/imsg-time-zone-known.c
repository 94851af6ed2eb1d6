/* imsg-time-zone-known.c - the time zones of Windows and those of the IANA database
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-time-zone-private.h"

typedef struct
{
  const char     *name;
  const char     *iana;
  gint32          bias;
  gint32          daylight_bias;
  IMsgTransition  standard;
  IMsgTransition  daylight;
} KnownZone;

typedef struct
{
  const char *iana;
  guint       index; /* of the zone of Windows */
} ZoneAlias;

#include "imsg-time-zones-data.h"

#define SECONDS_PER_DAY 86400

/* A rule is made out from what happens in this many years. */
#define N_PROBED_YEARS 5

#define MAX_CHANGES 2

/* The path-like prefixes that calendar programs put before a name have no more parts than this. */
#define MAX_NAME_PARTS 8

static IMsgTimeZone *
new_from_known (const KnownZone *known)
{
  IMsgTimeZone *self = g_new0 (IMsgTimeZone, 1);

  self->name = g_strdup (known->name);
  self->bias = known->bias;
  self->daylight_bias = known->daylight_bias;
  self->standard = known->standard;
  self->daylight = known->daylight;
  return self;
}

static const KnownZone *
find_known (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_zones); i++)
    if (g_ascii_strcasecmp (known_zones[i].name, id) == 0 ||
        g_ascii_strcasecmp (known_zones[i].iana, id) == 0)
      return &known_zones[i];
  for (guint i = 0; i < G_N_ELEMENTS (zone_aliases); i++)
    if (g_ascii_strcasecmp (zone_aliases[i].iana, id) == 0)
      return &known_zones[zone_aliases[i].index];
  return NULL;
}

static gboolean
is_same_transition (const IMsgTransition *a,
                    const IMsgTransition *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

gboolean
_imsg_time_zone_is_same_rule (const IMsgTimeZone *self,
                              const IMsgTimeZone *other)
{
  return self->bias == other->bias && self->standard_bias == other->standard_bias &&
         self->daylight_bias == other->daylight_bias &&
         is_same_transition (&self->standard, &other->standard) &&
         is_same_transition (&self->daylight, &other->daylight);
}

static const KnownZone *
find_same_rule (const IMsgTimeZone *self)
{
  gboolean has_daylight = _imsg_time_zone_has_daylight (self);

  for (guint i = 0; i < G_N_ELEMENTS (known_zones); i++)
    {
      const KnownZone *known = &known_zones[i];

      if (known->bias != self->bias + self->standard_bias ||
          (known->daylight.month != 0) != has_daylight)
        continue;
      if (!has_daylight ||
          (known->daylight_bias == self->daylight_bias - self->standard_bias &&
           is_same_transition (&known->standard, &self->standard) &&
           is_same_transition (&known->daylight, &self->daylight)))
        return known;
    }
  return NULL;
}

const char *
_imsg_time_zone_find_name (const IMsgTimeZone *self,
                           const char         *id)
{
  const KnownZone *known = id != NULL ? find_known (id) : NULL;

  if (known == NULL)
    known = find_same_rule (self);
  return known != NULL ? known->name : NULL;
}

const char *
_imsg_time_zone_find_iana (const char *name)
{
  const KnownZone *known = name != NULL ? find_known (name) : NULL;

  return known != NULL ? known->iana : NULL;
}

/* --- finding a rule --- */

typedef struct
{
  gint64     seconds; /* when it happens */
  int        before;  /* seconds ahead of UTC */
  int        after;
  GDateTime *local;   /* as clocks show it just before */
} Change;

static void
change_clear (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->local, g_date_time_unref);
}

static gint64
find_change (IMsgOffsetFunc function,
             gpointer       user_data,
             gint64         early,
             gint64         late)
{
  int before = function (early, user_data);

  while (late - early > 60)
    {
      gint64 middle = early + (late - early) / 120 * 60;

      if (middle == early)
        break;
      if (function (middle, user_data) == before)
        early = middle;
      else
        late = middle;
    }
  return late - late % 60;
}

/* The changes of a year; more than two are no rule of Windows'. */
static GArray *
list_changes (IMsgOffsetFunc function,
              gpointer       user_data,
              int            year)
{
  g_autoptr(GDateTime) start = g_date_time_new_utc (year, 1, 1, 0, 0, 0);
  GArray *changes = g_array_new (FALSE, TRUE, sizeof (Change));
  gint64 early = start != NULL ? g_date_time_to_unix (start) : 0;
  int before = function (early, user_data);

  g_array_set_clear_func (changes, change_clear);
  for (guint day = 0; day < 366 && changes->len <= MAX_CHANGES; day++)
    {
      gint64 late = early + SECONDS_PER_DAY;
      int after = function (late, user_data);

      if (after != before)
        {
          Change change = { find_change (function, user_data, early, late), before, after, NULL };
          g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (change.seconds);

          change.local = utc != NULL ? g_date_time_add_seconds (utc, before) : NULL;
          if (change.local != NULL)
            g_array_append_val (changes, change);
        }
      before = after;
      early = late;
    }
  return changes;
}

static gboolean
is_in_last_week (GDateTime *time)
{
  g_autoptr(GDateTime) later = g_date_time_add_days (time, 7);

  return g_date_time_get_month (later) != g_date_time_get_month (time);
}

/* What the same change of all the years has in common: n-th weekday, or the last. Where neither
 * holds any more another rule has begun. */
static void
read_transition (IMsgTransition *transition,
                 GDateTime     **times,
                 guint           n_times)
{
  guint nth = (guint) (g_date_time_get_day_of_month (times[0]) - 1) / 7 + 1;
  gboolean is_nth = TRUE;
  gboolean is_last = TRUE;

  for (guint i = 0; i < n_times; i++)
    {
      gboolean still_nth =
        is_nth && (guint) (g_date_time_get_day_of_month (times[i]) - 1) / 7 + 1 == nth;
      gboolean still_last = is_last && is_in_last_week (times[i]);

      if (!still_nth && !still_last)
        break;
      is_nth = still_nth;
      is_last = still_last;
    }
  transition->year = 0;
  transition->month = (guint16) g_date_time_get_month (times[0]);
  transition->day_of_week = (guint16) (g_date_time_get_day_of_week (times[0]) % 7);
  transition->day = (guint16) (is_last ? 5 : nth);
  transition->hour = (guint16) g_date_time_get_hour (times[0]);
  transition->minute = (guint16) g_date_time_get_minute (times[0]);
}

/* The two changes of a year happen in the month, on the weekday and at the hour of those before. */
static gboolean
is_same_year (GArray *a,
              GArray *b)
{
  for (guint i = 0; i < MAX_CHANGES; i++)
    {
      GDateTime *first = g_array_index (a, Change, i).local;
      GDateTime *second = g_array_index (b, Change, i).local;

      if (g_date_time_get_month (first) != g_date_time_get_month (second) ||
          g_date_time_get_day_of_week (first) != g_date_time_get_day_of_week (second) ||
          g_date_time_get_hour (first) != g_date_time_get_hour (second) ||
          g_date_time_get_minute (first) != g_date_time_get_minute (second))
        return FALSE;
    }
  return TRUE;
}

IMsgTimeZone *
_imsg_time_zone_new_probed (IMsgOffsetFunc function,
                            gpointer       user_data,
                            int            year)
{
  IMsgTimeZone *self = g_new0 (IMsgTimeZone, 1);
  g_autoptr(GPtrArray) years = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr(GPtrArray) to_standard = g_ptr_array_new ();
  g_autoptr(GPtrArray) to_daylight = g_ptr_array_new ();
  g_autoptr(GDateTime) start = g_date_time_new_utc (year, 1, 1, 0, 0, 0);
  int standard = function (start != NULL ? g_date_time_to_unix (start) : 0, user_data);
  int in_daylight = standard;

  for (guint i = 0; i < N_PROBED_YEARS; i++)
    {
      GArray *changes = list_changes (function, user_data, year + (int) i);

      g_ptr_array_add (years, changes);
      if (changes->len != MAX_CHANGES || (i > 0 && !is_same_year (years->pdata[0], changes)))
        break;
      for (guint k = 0; k < changes->len; k++)
        {
          const Change *change = &g_array_index (changes, Change, k);

          g_ptr_array_add (change->after > change->before ? to_daylight : to_standard, change->local);
          if (i == 0)
            {
              standard = MIN (change->after, change->before);
              in_daylight = MAX (change->after, change->before);
            }
        }
    }
  if (to_daylight->len > 0 && to_standard->len > 0)
    {
      read_transition (&self->standard, (GDateTime **) to_standard->pdata, to_standard->len);
      read_transition (&self->daylight, (GDateTime **) to_daylight->pdata, to_daylight->len);
      self->daylight_bias = -(in_daylight - standard) / 60;
    }
  self->bias = -standard / 60;
  return self;
}

/* --- by name --- */

int
_imsg_time_zone_get_glib_offset (gint64   seconds,
                                 gpointer zone)
{
  return (int) g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL,
                                                                         seconds));
}

/* A name of the IANA database and nothing that could be a path out of it, or a rule */
static gboolean
is_plain_name (const char *id)
{
  if (!g_ascii_isalpha (*id) || strstr (id, "..") != NULL || strchr (id, '/') == NULL)
    return FALSE;
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("/_+-", *c) == NULL)
      return FALSE;
  return TRUE;
}

static IMsgTimeZone *
new_from_database (const char *id)
{
  g_autoptr(GTimeZone) zone = is_plain_name (id) ? g_time_zone_new_identifier (id) : NULL;
  g_autoptr(GDateTime) now = NULL;
  IMsgTimeZone *self;
  const char *name;

  if (zone == NULL)
    return NULL;
  now = g_date_time_new_now_utc ();
  self = _imsg_time_zone_new_probed (_imsg_time_zone_get_glib_offset, zone, g_date_time_get_year (now));
  name = _imsg_time_zone_find_name (self, NULL);
  self->name = g_strdup (name != NULL ? name : id);
  return self;
}

IMsgTimeZone *
_imsg_time_zone_new_known (const char *id)
{
  const char *part = id;

  for (guint i = 0; i < MAX_NAME_PARTS && part != NULL; i++)
    {
      const KnownZone *known = find_known (part);
      IMsgTimeZone *self = known != NULL ? new_from_known (known) : new_from_database (part);

      if (self != NULL)
        return self;
      part = strchr (part, '/');
      if (part != NULL)
        part++;
    }
  return NULL;
}

GTimeZone *
_imsg_time_zone_new_clocks (const char *id)
{
  const char *part = id;

  for (guint i = 0; i < MAX_NAME_PARTS && part != NULL; i++)
    {
      const KnownZone *known = find_known (part);
      GTimeZone *clocks = is_plain_name (part) ? g_time_zone_new_identifier (part) : NULL;

      if (clocks == NULL && known != NULL)
        clocks = g_time_zone_new_identifier (known->iana);
      if (clocks != NULL || known != NULL)
        return clocks;
      part = strchr (part, '/');
      if (part != NULL)
        part++;
    }
  return NULL;
}
