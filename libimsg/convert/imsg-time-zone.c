/* imsg-time-zone.c - the time zones that appointments carry
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-cursor-private.h"
#include "imsg-time-zone-private.h"

#include <glib/gi18n-lib.h>

/* The rule is one that holds now. */
#define RULE_EFFECTIVE 0x0002

#define DEFINITION_HAS_GUID 0x0001

/* No real zone is further from UTC; a wilder bias is damage. */
#define MAX_BIAS (24 * 60)

/* SYSTEMTIME: u16 year, month, day of week, day, hour, minute, second, millisecond */
static gboolean
read_transition (IMsgCursor      *cursor,
                 IMsgTransition  *transition,
                 GError         **error)
{
  return _imsg_cursor_read_u16 (cursor, &transition->year, error) &&
         _imsg_cursor_read_u16 (cursor, &transition->month, error) &&
         _imsg_cursor_read_u16 (cursor, &transition->day_of_week, error) &&
         _imsg_cursor_read_u16 (cursor, &transition->day, error) &&
         _imsg_cursor_read_u16 (cursor, &transition->hour, error) &&
         _imsg_cursor_read_u16 (cursor, &transition->minute, error) &&
         _imsg_cursor_skip (cursor, 4, error);
}

static gboolean
read_biases (IMsgCursor    *cursor,
             IMsgTimeZone  *self,
             GError       **error)
{
  guint32 values[3];

  for (guint i = 0; i < 3; i++)
    {
      if (!_imsg_cursor_read_u32 (cursor, &values[i], error))
        return FALSE;
      if ((gint32) values[i] < -MAX_BIAS || (gint32) values[i] > MAX_BIAS)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "A time zone is %d minute from UTC",
                                    "A time zone is %d minutes from UTC",
                                    (gint32) values[i]),
                       (gint32) values[i]);
          return FALSE;
        }
    }
  self->bias = (gint32) values[0];
  self->standard_bias = (gint32) values[1];
  self->daylight_bias = (gint32) values[2];
  return TRUE;
}

static gboolean
is_sound (const IMsgTransition *transition)
{
  return transition->month <= 12 && transition->day_of_week <= 6 && transition->day <= 31 &&
         transition->hour <= 24 && transition->minute <= 59;
}

static gboolean
check (const IMsgTimeZone *self,
       GError            **error)
{
  if (is_sound (&self->standard) && is_sound (&self->daylight))
    return TRUE;
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                       _("A time zone changes on a day that does not exist"));
  return FALSE;
}

IMsgTimeZone *
_imsg_time_zone_parse_struct (GBytes  *bytes,
                              GError **error)
{
  g_autoptr(IMsgTimeZone) self = g_new0 (IMsgTimeZone, 1);
  IMsgCursor cursor = { 0 };

  cursor.bytes = g_bytes_get_data (bytes, &cursor.n_bytes);
  if (!read_biases (&cursor, self, error) || !_imsg_cursor_skip (&cursor, 2, error) ||
      !read_transition (&cursor, &self->standard, error) ||
      !_imsg_cursor_skip (&cursor, 2, error) ||
      !read_transition (&cursor, &self->daylight, error) || !check (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

IMsgTimeZone *
_imsg_time_zone_parse_definition (GBytes  *bytes,
                                  GError **error)
{
  g_autoptr(IMsgTimeZone) self = g_new0 (IMsgTimeZone, 1);
  IMsgCursor cursor = { 0 };
  guint16 header_size, content, n_characters, n_rules;
  const guint8 *name;

  cursor.bytes = g_bytes_get_data (bytes, &cursor.n_bytes);
  /* u8 2, u8 1, u16 header size, u16 flags, [GUID], u16 characters, name, u16 rules */
  if (!_imsg_cursor_skip (&cursor, 2, error) ||
      !_imsg_cursor_read_u16 (&cursor, &header_size, error) ||
      !_imsg_cursor_read_u16 (&cursor, &content, error) ||
      ((content & DEFINITION_HAS_GUID) != 0 && !_imsg_cursor_skip (&cursor, 16, error)) ||
      !_imsg_cursor_read_u16 (&cursor, &n_characters, error) ||
      !_imsg_cursor_take (&cursor, (gsize) n_characters * 2, &name, error) ||
      !_imsg_cursor_read_u16 (&cursor, &n_rules, error))
    return NULL;
  self->name = _imsg_utf16_decode (name, (gsize) n_characters * 2, NULL, NULL);
  if (n_rules == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("A time zone definition has no rule"));
      return NULL;
    }
  /* each rule: u8 2, u8 1, u16 0x3E, u16 flags, SYSTEMTIME, three biases, two SYSTEMTIMEs */
  cursor.offset = MAX (cursor.offset, MIN (4 + (gsize) header_size, cursor.n_bytes));
  for (guint i = 0; i < n_rules; i++)
    {
      guint16 size, flags;
      IMsgTransition from;
      gsize start = cursor.offset;

      if (!_imsg_cursor_skip (&cursor, 2, error) ||
          !_imsg_cursor_read_u16 (&cursor, &size, error) ||
          !_imsg_cursor_read_u16 (&cursor, &flags, error) ||
          !read_transition (&cursor, &from, error) || !read_biases (&cursor, self, error) ||
          !read_transition (&cursor, &self->standard, error) ||
          !read_transition (&cursor, &self->daylight, error) || !check (self, error))
        return NULL;
      if ((flags & RULE_EFFECTIVE) != 0)
        break;
      /* a newer one may say more */
      cursor.offset = MAX (cursor.offset, MIN (start + 4 + size, cursor.n_bytes));
    }
  return g_steal_pointer (&self);
}

void
_imsg_time_zone_free (IMsgTimeZone *self)
{
  g_free (self->name);
  g_free (self);
}

gboolean
_imsg_time_zone_has_daylight (const IMsgTimeZone *self)
{
  return self->standard.month != 0 && self->daylight.month != 0;
}

static void
append_offset (GString *rule,
               gint32   bias)
{
  g_string_append_printf (rule, "%s%d:%02d", bias < 0 ? "-" : "", ABS (bias) / 60, ABS (bias) % 60);
}

static void
append_transition (GString              *rule,
                   const IMsgTransition *transition)
{
  g_string_append_printf (rule, ",M%u.%u.%u/%u:%02u", transition->month,
                          CLAMP (transition->day, 1, 5), transition->day_of_week, transition->hour,
                          transition->minute);
}

GTimeZone *
_imsg_time_zone_to_glib (const IMsgTimeZone *self)
{
  g_autoptr(GString) rule = g_string_new ("XST");
  GTimeZone *zone;

  append_offset (rule, self->bias + self->standard_bias);
  if (_imsg_time_zone_has_daylight (self))
    {
      g_string_append (rule, "XDT");
      append_offset (rule, self->bias + self->daylight_bias);
      append_transition (rule, &self->daylight);
      append_transition (rule, &self->standard);
    }
  zone = g_time_zone_new_identifier (rule->str);
  return zone != NULL ? zone : g_time_zone_new_offset (-60 * (self->bias + self->standard_bias));
}

char *
_imsg_time_zone_get_id (const IMsgTimeZone *self)
{
  gint32 offset = -(self->bias + self->standard_bias);

  if (self->name != NULL && *self->name != '\0')
    return g_strdup (self->name);
  return g_strdup_printf ("UTC%c%02d:%02d", offset < 0 ? '-' : '+', ABS (offset) / 60,
                          ABS (offset) % 60);
}

IMsgTimeZone *
_imsg_time_zone_copy (const IMsgTimeZone *self)
{
  IMsgTimeZone *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  return copy;
}

char *
_imsg_time_zone_to_text (const IMsgTimeZone *self)
{
  gint32 offset = -(self->bias + self->standard_bias);

  return g_strdup_printf ("(UTC%c%02d:%02d) %s", offset < 0 ? '-' : '+', ABS (offset) / 60,
                          ABS (offset) % 60, self->name != NULL ? self->name : "");
}
