/* imsg-recurrence-build.c - writing the pattern of a recurrence, as imsg-recurrence.c reads it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-recurrence-private.h"

/* The longest text whose length, one more and the field of two bytes all fit */
#define MAX_TEXT (G_MAXUINT16 - 1)

static void
append_bytes (GByteArray *bytes,
              GBytes     *added)
{
  gsize size = 0;
  const guint8 *data = added != NULL ? g_bytes_get_data (added, &size) : NULL;

  if (size > 0)
    g_byte_array_append (bytes, data, (guint) size);
}

static void
append_block (GByteArray *bytes,
              GBytes     *block)
{
  _imsg_append_u32 (bytes, block != NULL ? (guint32) g_bytes_get_size (block) : 0);
  append_bytes (bytes, block);
}

static void
append_dates (GByteArray *bytes,
              GArray     *dates)
{
  _imsg_append_u32 (bytes, dates->len);
  for (guint i = 0; i < dates->len; i++)
    _imsg_append_u32 (bytes, g_array_index (dates, guint32, i));
}

static void
append_pattern (GByteArray           *bytes,
                const IMsgRecurrence *self)
{
  _imsg_append_u16 (bytes, self->reader_version);
  _imsg_append_u16 (bytes, self->writer_version);
  _imsg_append_u16 (bytes, self->frequency);
  _imsg_append_u16 (bytes, self->pattern);
  _imsg_append_u16 (bytes, self->calendar);
  _imsg_append_u32 (bytes, self->first_date);
  _imsg_append_u32 (bytes, self->period);
  _imsg_append_u32 (bytes, self->sliding);
  switch (self->pattern)
    {
    case IMSG_PATTERN_WEEK:
      _imsg_append_u32 (bytes, self->days);
      break;
    case IMSG_PATTERN_MONTH:
    case IMSG_PATTERN_MONTH_END:
    case IMSG_PATTERN_HIJRI_MONTH:
    case IMSG_PATTERN_HIJRI_MONTH_END:
      _imsg_append_u32 (bytes, self->day);
      break;
    case IMSG_PATTERN_MONTH_NTH:
    case IMSG_PATTERN_HIJRI_MONTH_NTH:
      _imsg_append_u32 (bytes, self->days);
      _imsg_append_u32 (bytes, self->nth);
      break;
    case IMSG_PATTERN_DAY:
    default:
      break;
    }
  _imsg_append_u32 (bytes, self->end_type);
  _imsg_append_u32 (bytes, self->count);
  _imsg_append_u32 (bytes, self->first_day_of_week);
  append_dates (bytes, self->deleted);
  append_dates (bytes, self->modified);
  _imsg_append_u32 (bytes, self->start_date);
  _imsg_append_u32 (bytes, self->end_date);
}

/* The bytes that were read, else the text in the code page, a '?' for what has no place in it. */
static void
append_text8 (GByteArray *bytes,
              GBytes     *stored,
              const char *text,
              guint       code_page)
{
  g_autoptr(GBytes) encoded = NULL;
  g_autoptr(GBytes) cut = NULL;

  if (stored != NULL)
    encoded = g_bytes_ref (stored);
  else
    encoded = _imsg_code_page_encode_lossy (code_page, text != NULL ? text : "",
                                            text != NULL ? strlen (text) : 0, NULL);
  cut = g_bytes_new_from_bytes (encoded, 0, MIN (g_bytes_get_size (encoded), MAX_TEXT));
  _imsg_append_u16 (bytes, (guint) g_bytes_get_size (cut) + 1);
  _imsg_append_u16 (bytes, (guint) g_bytes_get_size (cut));
  append_bytes (bytes, cut);
}

static void
append_text16 (GByteArray *bytes,
               const char *text)
{
  g_autoptr(GBytes) encoded = _imsg_utf16_encode (text != NULL ? text : "",
                                                  text != NULL ? strlen (text) : 0);
  gsize n_units = MIN (g_bytes_get_size (encoded) / 2, MAX_TEXT);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (encoded, 0, 2 * n_units);

  _imsg_append_u16 (bytes, (guint) n_units);
  append_bytes (bytes, cut);
}

static void
append_exception (GByteArray          *bytes,
                  const IMsgException *exception,
                  guint                code_page)
{
  _imsg_append_u32 (bytes, exception->start);
  _imsg_append_u32 (bytes, exception->end);
  _imsg_append_u32 (bytes, exception->original_start);
  _imsg_append_u16 (bytes, exception->flags);
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0)
    append_text8 (bytes, exception->subject8, exception->subject, code_page);
  if ((exception->flags & IMSG_EXCEPTION_MEETING_TYPE) != 0)
    _imsg_append_u32 (bytes, exception->meeting_type);
  if ((exception->flags & IMSG_EXCEPTION_REMINDER_DELTA) != 0)
    _imsg_append_u32 (bytes, exception->reminder_delta);
  if ((exception->flags & IMSG_EXCEPTION_REMINDER_SET) != 0)
    _imsg_append_u32 (bytes, exception->reminder_set);
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0)
    append_text8 (bytes, exception->location8, exception->location, code_page);
  if ((exception->flags & IMSG_EXCEPTION_BUSY_STATUS) != 0)
    _imsg_append_u32 (bytes, exception->busy_status);
  if ((exception->flags & IMSG_EXCEPTION_ATTACHMENT) != 0)
    _imsg_append_u32 (bytes, exception->has_attachment);
  if ((exception->flags & IMSG_EXCEPTION_ALL_DAY) != 0)
    _imsg_append_u32 (bytes, exception->all_day);
  if ((exception->flags & IMSG_EXCEPTION_COLOR) != 0)
    _imsg_append_u32 (bytes, exception->color);
}

static void
append_extended_exception (GByteArray          *bytes,
                           const IMsgException *exception,
                           guint32              writer)
{
  static const guint8 no_change[4] = { 0 };
  g_autoptr(GBytes) highlight = exception->highlight != NULL
                                  ? g_bytes_ref (exception->highlight)
                                  : g_bytes_new_static (no_change, sizeof no_change);

  if (writer >= IMSG_RECURRENCE_WRITER2_VERSION)
    append_block (bytes, highlight);
  append_block (bytes, exception->reserved1);
  if ((exception->flags & (IMSG_EXCEPTION_SUBJECT | IMSG_EXCEPTION_LOCATION)) == 0)
    return;
  _imsg_append_u32 (bytes, exception->start);
  _imsg_append_u32 (bytes, exception->end);
  _imsg_append_u32 (bytes, exception->original_start);
  if ((exception->flags & IMSG_EXCEPTION_SUBJECT) != 0)
    append_text16 (bytes, exception->subject);
  if ((exception->flags & IMSG_EXCEPTION_LOCATION) != 0)
    append_text16 (bytes, exception->location);
  append_block (bytes, exception->reserved2);
}

GBytes *
_imsg_recurrence_build (const IMsgRecurrence *self,
                        guint                 code_page)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint n_exceptions = MIN (self->exceptions->len, G_MAXUINT16);

  append_pattern (bytes, self);
  if (self->has_times)
    {
      _imsg_append_u32 (bytes, self->reader2_version);
      _imsg_append_u32 (bytes, self->writer2_version);
      _imsg_append_u32 (bytes, self->start_offset);
      _imsg_append_u32 (bytes, self->end_offset);
      _imsg_append_u16 (bytes, n_exceptions);
      for (guint i = 0; i < n_exceptions; i++)
        append_exception (bytes, &g_array_index (self->exceptions, IMsgException, i), code_page);
      append_block (bytes, self->reserved1);
      for (guint i = 0; i < n_exceptions; i++)
        append_extended_exception (bytes, &g_array_index (self->exceptions, IMsgException, i),
                                   self->writer2_version);
      append_block (bytes, self->reserved2);
    }
  append_bytes (bytes, self->tail);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
