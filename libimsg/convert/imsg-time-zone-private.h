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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgTimeZone, _imsg_time_zone_free)

G_END_DECLS
