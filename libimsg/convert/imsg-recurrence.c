/* imsg-recurrence.c - the pattern of a recurring appointment or task
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-cursor-private.h"
#include "imsg-filetime-private.h"
#include "imsg-recurrence-private.h"

#include <glib/gi18n-lib.h>

/* The second part of an appointment's: versions, offsets and the count of exceptions */
#define SECOND_PART_BYTES 18

static void
exception_clear (gpointer data)
{
  IMsgException *exception = data;

  g_free (exception->subject);
  g_free (exception->location);
  g_clear_pointer (&exception->subject8, g_bytes_unref);
  g_clear_pointer (&exception->location8, g_bytes_unref);
  g_clear_pointer (&exception->highlight, g_bytes_unref);
  g_clear_pointer (&exception->reserved1, g_bytes_unref);
  g_clear_pointer (&exception->reserved2, g_bytes_unref);
}

IMsgRecurrence *
_imsg_recurrence_new (void)
{
  IMsgRecurrence *self = g_new0 (IMsgRecurrence, 1);

  self->reader_version = self->writer_version = IMSG_RECURRENCE_VERSION;
  self->reader2_version = IMSG_RECURRENCE_READER2_VERSION;
  self->writer2_version = IMSG_RECURRENCE_WRITER2_VERSION;
  self->frequency = IMSG_FREQUENCY_DAILY;
  self->pattern = IMSG_PATTERN_DAY;
  self->period = 1440;
  self->end_type = IMSG_RECURRENCE_END_NEVER;
  self->count = IMSG_RECURRENCE_NO_COUNT;
  self->end_date = IMSG_RECURRENCE_NO_END;
  self->deleted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->modified = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->exceptions = g_array_new (FALSE, TRUE, sizeof (IMsgException));
  g_array_set_clear_func (self->exceptions, exception_clear);
  return self;
}

/* A count and that many dates; the count is believed only as far as there are bytes. */
static gboolean
read_dates (IMsgCursor *cursor,
            GArray     *dates,
            GError    **error)
{
  guint32 n_dates;

  if (!_imsg_cursor_read_u32 (cursor, &n_dates, error))
    return FALSE;
  if (n_dates > _imsg_cursor_get_n_left (cursor) / 4)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The recurrence claims %u date, more than its data can hold",
                                "The recurrence claims %u dates, more than its data can hold",
                                n_dates),
                   n_dates);
      return FALSE;
    }
  for (guint32 i = 0; i < n_dates; i++)
    {
      guint32 date;

      if (!_imsg_cursor_read_u32 (cursor, &date, error))
        return FALSE;
      g_array_append_val (dates, date);
    }
  return TRUE;
}

static gboolean
read_pattern (IMsgCursor     *cursor,
              IMsgRecurrence *self,
              GError        **error)
{
  if (!_imsg_cursor_read_u16 (cursor, &self->reader_version, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->writer_version, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->frequency, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->pattern, error) ||
      !_imsg_cursor_read_u16 (cursor, &self->calendar, error) ||
      !_imsg_cursor_read_u32 (cursor, &self->first_date, error) ||
      !_imsg_cursor_read_u32 (cursor, &self->period, error) ||
      !_imsg_cursor_read_u32 (cursor, &self->sliding, error))
    return FALSE;
  if (self->frequency < IMSG_FREQUENCY_DAILY || self->frequency > IMSG_FREQUENCY_YEARLY)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("0x%04X is no frequency of a recurrence"), self->frequency);
      return FALSE;
    }

  switch (self->pattern)
    {
    case IMSG_PATTERN_DAY:
      break;
    case IMSG_PATTERN_WEEK:
      if (!_imsg_cursor_read_u32 (cursor, &self->days, error))
        return FALSE;
      break;
    case IMSG_PATTERN_MONTH:
    case IMSG_PATTERN_MONTH_END:
    case IMSG_PATTERN_HIJRI_MONTH:
    case IMSG_PATTERN_HIJRI_MONTH_END:
      if (!_imsg_cursor_read_u32 (cursor, &self->day, error))
        return FALSE;
      break;
    case IMSG_PATTERN_MONTH_NTH:
    case IMSG_PATTERN_HIJRI_MONTH_NTH:
      if (!_imsg_cursor_read_u32 (cursor, &self->days, error) ||
          !_imsg_cursor_read_u32 (cursor, &self->nth, error))
        return FALSE;
      break;
    default:
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("0x%04X is no pattern of a recurrence"), self->pattern);
      return FALSE;
    }

  return _imsg_cursor_read_u32 (cursor, &self->end_type, error) &&
         _imsg_cursor_read_u32 (cursor, &self->count, error) &&
         _imsg_cursor_read_u32 (cursor, &self->first_day_of_week, error) &&
         read_dates (cursor, self->deleted, error) && read_dates (cursor, self->modified, error) &&
         _imsg_cursor_read_u32 (cursor, &self->start_date, error) &&
         _imsg_cursor_read_u32 (cursor, &self->end_date, error);
}

/* u16 length + 1, u16 length, 8-bit text */
static gboolean
read_text8 (IMsgCursor *cursor,
            guint       code_page,
            char      **text,
            GBytes    **stored,
            GError    **error)
{
  guint16 with_end, length;
  const guint8 *bytes;

  if (!_imsg_cursor_read_u16 (cursor, &with_end, error) ||
      !_imsg_cursor_read_u16 (cursor, &length, error) ||
      !_imsg_cursor_take (cursor, length, &bytes, error))
    return FALSE;
  if (with_end != length + 1)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The text of an exception has %u byte and one more makes %u",
                                "The text of an exception has %u bytes and one more makes %u",
                                length),
                   length, with_end);
      return FALSE;
    }
  *stored = g_bytes_new (bytes, length);
  *text = _imsg_code_page_decode (code_page, bytes, length, NULL, NULL);
  return TRUE;
}

/* u16 characters, UTF-16 */
static gboolean
read_text16 (IMsgCursor *cursor,
             char      **text,
             GError    **error)
{
  guint16 n_characters;
  const guint8 *bytes;

  if (!_imsg_cursor_read_u16 (cursor, &n_characters, error) ||
      !_imsg_cursor_take (cursor, (gsize) n_characters * 2, &bytes, error))
    return FALSE;
  g_free (*text);
  *text = _imsg_utf16_decode (bytes, (gsize) n_characters * 2, NULL, NULL);
  return TRUE;
}

static gboolean
read_exception (IMsgCursor    *cursor,
                guint          code_page,
                IMsgException *exception,
                GError       **error)
{
  const struct
  {
    guint16  flag;
    guint32 *value;
  } before_location[] = { { IMSG_EXCEPTION_MEETING_TYPE, &exception->meeting_type },
                          { IMSG_EXCEPTION_REMINDER_DELTA, &exception->reminder_delta },
                          { IMSG_EXCEPTION_REMINDER_SET, &exception->reminder_set } },
    behind_location[] = { { IMSG_EXCEPTION_BUSY_STATUS, &exception->busy_status },
                          { IMSG_EXCEPTION_ATTACHMENT, &exception->has_attachment },
                          { IMSG_EXCEPTION_ALL_DAY, &exception->all_day },
                          { IMSG_EXCEPTION_COLOR, &exception->color } };

  if (!_imsg_cursor_read_u32 (cursor, &exception->start, error) ||
      !_imsg_cursor_read_u32 (cursor, &exception->end, error) ||
      !_imsg_cursor_read_u32 (cursor, &exception->original_start, error) ||
      !_imsg_cursor_read_u16 (cursor, &exception->flags, error))
    return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0 &&
      !read_text8 (cursor, code_page, &exception->subject, &exception->subject8, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (before_location); i++)
    if ((exception->flags & before_location[i].flag) != 0 &&
        !_imsg_cursor_read_u32 (cursor, before_location[i].value, error))
      return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0 &&
      !read_text8 (cursor, code_page, &exception->location, &exception->location8, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (behind_location); i++)
    if ((exception->flags & behind_location[i].flag) != 0 &&
        !_imsg_cursor_read_u32 (cursor, behind_location[i].value, error))
      return FALSE;
  return TRUE;
}

/* u32 size, bytes */
static gboolean
read_block (IMsgCursor  *cursor,
            GBytes     **block,
            GError     **error)
{
  guint32 n_bytes;
  const guint8 *bytes;

  if (!_imsg_cursor_read_u32 (cursor, &n_bytes, error) ||
      !_imsg_cursor_take (cursor, n_bytes, &bytes, error))
    return FALSE;
  *block = g_bytes_new (bytes, n_bytes);
  return TRUE;
}

/* The same texts once more, in UTF-16: preferred, and worth no error when they are cut off. */
static gboolean
read_extended_exception (IMsgCursor    *cursor,
                         guint32        writer,
                         IMsgException *exception,
                         GError       **error)
{
  guint32 ignored;

  if (writer >= IMSG_RECURRENCE_WRITER2_VERSION &&
      !read_block (cursor, &exception->highlight, error))
    return FALSE;
  if (!read_block (cursor, &exception->reserved1, error))
    return FALSE;
  if ((exception->flags & (IMSG_EXCEPTION_SUBJECT | IMSG_EXCEPTION_LOCATION)) == 0)
    return TRUE;
  for (guint i = 0; i < 3; i++)
    if (!_imsg_cursor_read_u32 (cursor, &ignored, error))
      return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0 &&
      !read_text16 (cursor, &exception->subject, error))
    return FALSE;
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0 &&
      !read_text16 (cursor, &exception->location, error))
    return FALSE;
  return read_block (cursor, &exception->reserved2, error);
}

static void
read_extended_exceptions (IMsgCursor     *cursor,
                          IMsgRecurrence *self)
{
  if (!read_block (cursor, &self->reserved1, NULL))
    return;
  for (guint i = 0; i < self->exceptions->len; i++)
    if (!read_extended_exception (cursor, self->writer2_version,
                                  &g_array_index (self->exceptions, IMsgException, i), NULL))
      return;
  read_block (cursor, &self->reserved2, NULL);
}

IMsgRecurrence *
_imsg_recurrence_parse (GBytes  *bytes,
                        guint    code_page,
                        GError **error)
{
  g_autoptr(IMsgRecurrence) self = _imsg_recurrence_new ();
  IMsgCursor cursor = { 0 };
  guint16 n_exceptions;

  cursor.bytes = g_bytes_get_data (bytes, &cursor.n_bytes);
  if (!read_pattern (&cursor, self, error))
    return NULL;
  /* a task ends here */
  if (_imsg_cursor_get_n_left (&cursor) >= SECOND_PART_BYTES)
    {
      if (!_imsg_cursor_read_u32 (&cursor, &self->reader2_version, error) ||
          !_imsg_cursor_read_u32 (&cursor, &self->writer2_version, error) ||
          !_imsg_cursor_read_u32 (&cursor, &self->start_offset, error) ||
          !_imsg_cursor_read_u32 (&cursor, &self->end_offset, error) ||
          !_imsg_cursor_read_u16 (&cursor, &n_exceptions, error))
        return NULL;
      self->has_times = TRUE;
      for (guint i = 0; i < n_exceptions; i++)
        {
          IMsgException exception = { 0 };

          if (!read_exception (&cursor, code_page, &exception, error))
            {
              exception_clear (&exception);
              return NULL;
            }
          g_array_append_val (self->exceptions, exception);
        }
      read_extended_exceptions (&cursor, self);
    }
  if (_imsg_cursor_get_n_left (&cursor) > 0)
    self->tail = g_bytes_new (cursor.bytes + cursor.offset, _imsg_cursor_get_n_left (&cursor));
  return g_steal_pointer (&self);
}

void
_imsg_recurrence_free (IMsgRecurrence *self)
{
  g_clear_pointer (&self->deleted, g_array_unref);
  g_clear_pointer (&self->modified, g_array_unref);
  g_clear_pointer (&self->exceptions, g_array_unref);
  g_clear_pointer (&self->reserved1, g_bytes_unref);
  g_clear_pointer (&self->reserved2, g_bytes_unref);
  g_clear_pointer (&self->tail, g_bytes_unref);
  g_free (self);
}

GDateTime *
_imsg_recurrence_to_date (guint32    minutes,
                          GTimeZone *zone)
{
  g_autoptr(GDateTime) plain =
    _imsg_filetime_to_date_time ((guint64) minutes * 60 * IMSG_TICKS_PER_SECOND);

  if (plain == NULL)
    return NULL;
  return g_date_time_new (zone, g_date_time_get_year (plain), g_date_time_get_month (plain),
                          g_date_time_get_day_of_month (plain), g_date_time_get_hour (plain),
                          g_date_time_get_minute (plain), 0);
}
