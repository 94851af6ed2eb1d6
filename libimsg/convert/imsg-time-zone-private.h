/* imsg-time-zone-private.h - the time zones that appointments carry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When standard or daylight time begins: the n-th (5 = last) weekday of a month, or a date when
 * year is not 0; month 0 = never. */
typedef struct
{
  guint16 year;
  guint16 month;
  guint16 day_of_week;
  guint16 day;
  guint16 hour;
  guint16 minute;
} IMsgTransition;

typedef struct
{
  char           *name;          /* of the Windows zone; nullable */
  gint32          bias;          /* minutes: UTC = local time + bias */
  gint32          standard_bias; /* added in standard time */
  gint32          daylight_bias;
  IMsgTransition  standard;
  IMsgTransition  daylight;
} IMsgTimeZone;

/* PidLidTimeZoneStruct ([MS-OXOCAL] 2.2.1.39); NULL with CORRUPT_DATA. */
IMsgTimeZone *_imsg_time_zone_parse_struct     (GBytes              *bytes,
                                                GError             **error);
/* PidLidAppointmentTimeZoneDefinition… (2.2.1.41): the rule in force. */
IMsgTimeZone *_imsg_time_zone_parse_definition (GBytes              *bytes,
                                                GError             **error);
void          _imsg_time_zone_free             (IMsgTimeZone        *self);
gboolean      _imsg_time_zone_has_daylight     (const IMsgTimeZone  *self);
/* For conversions; never NULL. */
GTimeZone    *_imsg_time_zone_to_glib          (const IMsgTimeZone  *self);
/* What a TZID says: the Windows name, else the offset. */
char         *_imsg_time_zone_get_id           (const IMsgTimeZone  *self);
IMsgTimeZone *_imsg_time_zone_copy             (const IMsgTimeZone  *self);
/* For people: "(UTC+01:00) W. Europe Standard Time" */
char         *_imsg_time_zone_to_text          (const IMsgTimeZone  *self);

/* --- imsg-time-zone-build.c --- */

/* The twins of the parse functions. */
GBytes       *_imsg_time_zone_build_struct     (const IMsgTimeZone  *self);
GBytes       *_imsg_time_zone_build_definition (const IMsgTimeZone  *self,
                                                gboolean             is_of_recurrence);

/* --- imsg-time-zone-known.c --- */

/* Seconds that local time is ahead of UTC at a moment, in seconds since 1970. */
typedef int (*IMsgOffsetFunc) (gint64   seconds,
                               gpointer user_data);

/* By its Windows name or its name in the IANA database, also behind a prefix as in
 * "/mozilla.org/20050126_1/Europe/Berlin"; NULL when it is neither. */
IMsgTimeZone *_imsg_time_zone_new_known        (const char          *id);
/* The clocks of such a zone with all that lawmakers did to them, from the database of the system;
 * NULL when that has none. */
GTimeZone    *_imsg_time_zone_new_clocks       (const char          *id);
/* An IMsgOffsetFunc of a GTimeZone. */
int           _imsg_time_zone_get_glib_offset  (gint64               seconds,
                                                gpointer             zone);
/* Whatever their names: the same time at any moment. */
gboolean      _imsg_time_zone_is_same_rule     (const IMsgTimeZone  *self,
                                                const IMsgTimeZone  *other);
/* Finds the rule by asking what holds in a year, and in those behind it as long as it stays so; it
 * has no name yet. */
IMsgTimeZone *_imsg_time_zone_new_probed       (IMsgOffsetFunc       function,
                                                gpointer             user_data,
                                                int                  year);
/* The Windows name: of that name in the table, else of a known zone with the same rule, else NULL. */
const char   *_imsg_time_zone_find_name        (const IMsgTimeZone  *self,
                                                const char          *id);
/* The IANA name of a Windows name; NULL when it is not known. */
const char   *_imsg_time_zone_find_iana        (const char          *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgTimeZone, _imsg_time_zone_free)

G_END_DECLS
