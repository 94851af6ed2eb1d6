/* imsg-rtf-reader.c - RTF as a sequence of text and controls
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-reader-private.h"

#include "imsg-code-page-private.h"
#include "imsg-limits-private.h"

#include <glib/gi18n-lib.h>

#define PLACE "PR_RTF_COMPRESSED"
#define MAX_NAME 32
#define MAX_DIGITS 10
#define MAX_INSTRUCTION 8192
#define MAX_LIST_TEXT 64
#define TEXT_CHUNK 4096

static void
rtf_font_free (gpointer data)
{
  IMsgRtfFont *font = data;

  g_free (font->name);
  g_free (font);
}

void
_imsg_rtf_reader_init (IMsgRtfReader      *self,
                       IMsgRtfReadMode     mode,
                       const guint8       *rtf,
                       gsize               n_bytes,
                       IMsgRtfTextFunc     text_func,
                       IMsgRtfControlFunc  control_func,
                       gpointer            user_data,
                       GPtrArray          *problems)
{
  memset (self, 0, sizeof *self);
  self->at = rtf;
  self->end = rtf + n_bytes;
  self->mode = mode;
  self->text_func = text_func;
  self->control_func = control_func;
  self->user_data = user_data;
  self->problems = problems;
  self->saved = g_array_new (FALSE, FALSE, sizeof (IMsgRtfState));
  self->fonts = g_hash_table_new_full (NULL, NULL, NULL, rtf_font_free);
  self->colors = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->pending = g_byte_array_new ();
  self->text = g_string_sized_new (TEXT_CHUNK + 256);
  self->font_name = g_string_new (NULL);
  self->instruction = g_string_new (NULL);
  self->list_text = g_string_new (NULL);
  self->default_page = IMSG_CODE_PAGE_WINDOWS_1252;
  self->current_font = -1;
  self->state.n_fallback = 1;
  self->state.size = 24;
  for (guint i = 0; i < G_N_ELEMENTS (self->state.associated_fonts); i++)
    self->state.associated_fonts[i] = -1;
}

void
_imsg_rtf_reader_clear (IMsgRtfReader *self)
{
  g_clear_pointer (&self->saved, g_array_unref);
  g_clear_pointer (&self->fonts, g_hash_table_unref);
  g_clear_pointer (&self->colors, g_array_unref);
  g_clear_pointer (&self->pending, g_byte_array_unref);
  g_clear_pointer (&self->link_target, g_free);
  g_string_free (g_steal_pointer (&self->text), TRUE);
  g_string_free (g_steal_pointer (&self->font_name), TRUE);
  g_string_free (g_steal_pointer (&self->instruction), TRUE);
  g_string_free (g_steal_pointer (&self->list_text), TRUE);
  g_clear_pointer (&self->picture.bytes, g_byte_array_unref);
}

const IMsgRtfFont *
_imsg_rtf_reader_get_font (IMsgRtfReader *self)
{
  gint32 number = self->state.associated_fonts[self->state.script];

  if (number < 0)
    number = self->state.font;
  return g_hash_table_lookup (self->fonts, GINT_TO_POINTER (number));
}

static guint32
get_page (IMsgRtfReader *self)
{
  const IMsgRtfFont *font;

  /* Tags are in the page of the document, whatever the font around them. */
  if (self->state.destination == IMSG_RTF_DESTINATION_TAG ||
      self->state.destination == IMSG_RTF_DESTINATION_INSTRUCTION)
    return self->default_page;
  if (self->state.page == 0)
    {
      font = _imsg_rtf_reader_get_font (self);
      self->state.page = font != NULL && font->page != 0 ? font->page : self->default_page;
    }
  return self->state.page;
}

/* The page of a run. Some writers of UTF-8 give each font a charset, mostly 0, all the same. Bytes
 * that are UTF-8 would be an unlikely run of signs in a page of single bytes. */
static guint32
get_run_page (IMsgRtfReader *self)
{
  guint32 page = get_page (self);

  if (page != self->default_page && self->default_page == IMSG_CODE_PAGE_UTF8 &&
      !_imsg_code_page_is_double_byte (page) &&
      _imsg_code_page_is_valid (IMSG_CODE_PAGE_UTF8, self->pending->data, self->pending->len))
    return IMSG_CODE_PAGE_UTF8;
  return page;
}

/* A run that its font's page mostly cannot read is read in the document's page, where that reads
 * all of it, or else in 1252. One lost byte among readable characters is just lost. */
static void
decode_pending (IMsgRtfReader *self)
{
  guint32 page = get_run_page (self);
  const guint8 *bytes = self->pending->data;
  gsize n_bytes = self->pending->len;
  g_autofree char *text = NULL;
  gsize length;
  gsize n_replaced;

  text = _imsg_code_page_decode (page, bytes, n_bytes, &length, &n_replaced);
  if (n_replaced > 0)
    {
      gsize n_high = 0;
      guint32 other = 0;

      for (gsize i = 0; i < n_bytes; i++)
        n_high += bytes[i] >= 0x80;
      if (n_replaced * 2 >= n_high)
        other = page != self->default_page &&
                _imsg_code_page_is_valid (self->default_page, bytes, n_bytes)
                ? self->default_page
                : IMSG_CODE_PAGE_WINDOWS_1252;
      if (other != 0)
        {
          g_free (text);
          text = _imsg_code_page_decode (other, bytes, n_bytes, &length, &n_replaced);
        }
      else
        self->n_replaced += n_replaced;
    }
  g_string_append_len (self->text, text, length);
  g_byte_array_set_size (self->pending, 0);
}

static void
drop_high_surrogate (IMsgRtfReader *self)
{
  if (self->high_surrogate != 0)
    {
      self->high_surrogate = 0;
      self->n_replaced++;
      g_string_append (self->text, "\xEF\xBF\xBD");
    }
}

/* The paragraph of an item says how deep it is, and that behind the mark where Word writes it. */
void
_imsg_rtf_reader_tell_list_item (IMsgRtfReader *self)
{
  if (!self->has_list_item)
    return;
  self->has_list_item = FALSE;
  if (!self->was_stopped &&
      !self->control_func (self, IMSG_RTF_CONTROL_LIST_ITEM, self->user_data))
    self->was_stopped = TRUE;
}

static void
translate_symbols (IMsgRtfReader *self)
{
  const IMsgRtfFont *font = _imsg_rtf_reader_get_font (self);

  if (self->mode == IMSG_RTF_READ_RICH && font != NULL && font->is_symbol)
    _imsg_rtf_translate_symbols (font->name, self->text);
}

void
_imsg_rtf_reader_flush (IMsgRtfReader *self)
{
  if (self->pending->len > 0)
    decode_pending (self);
  if (self->text->len == 0)
    return;
  if (self->state.destination != IMSG_RTF_DESTINATION_INSTRUCTION)
    translate_symbols (self);
  if (self->state.destination == IMSG_RTF_DESTINATION_INSTRUCTION)
    {
      if (self->instruction->len + self->text->len <= MAX_INSTRUCTION)
        g_string_append_len (self->instruction, self->text->str, self->text->len);
    }
  else if (self->state.destination == IMSG_RTF_DESTINATION_LIST_TEXT)
    {
      if (self->list_text->len + self->text->len <= MAX_LIST_TEXT)
        g_string_append_len (self->list_text, self->text->str, self->text->len);
    }
  else
    {
      _imsg_rtf_reader_tell_list_item (self);
      if (!self->was_stopped &&
          !self->text_func (self, self->text->str, self->text->len, self->user_data))
        self->was_stopped = TRUE;
    }
  g_string_truncate (self->text, 0);
}

static gboolean
wants_text (IMsgRtfReader *self)
{
  return self->state.destination == IMSG_RTF_DESTINATION_TAG ||
         self->state.destination == IMSG_RTF_DESTINATION_INSTRUCTION ||
         self->state.destination == IMSG_RTF_DESTINATION_LIST_TEXT ||
         (self->state.destination == IMSG_RTF_DESTINATION_BODY && !self->state.is_in_htmlrtf);
}

/* Text that is decoded already: an escape's. */
void
_imsg_rtf_reader_add_text (IMsgRtfReader *self,
                           const char    *text,
                           gsize          length)
{
  if (!wants_text (self))
    return;
  if (self->pending->len > 0)
    decode_pending (self);
  drop_high_surrogate (self);
  g_string_append_len (self->text, text, length);
  if (self->text->len > TEXT_CHUNK)
    _imsg_rtf_reader_flush (self);
}

void
_imsg_rtf_reader_add_unicode (IMsgRtfReader *self,
                              gint32         parameter)
{
  gunichar character = parameter < 0 ? parameter + 65536 : parameter;
  char utf8[6];

  self->n_to_skip = self->state.n_fallback;
  if (!wants_text (self))
    return;
  if (self->pending->len > 0)
    decode_pending (self);
  if (character >= 0xDC00 && character < 0xE000 && self->high_surrogate != 0)
    {
      character = 0x10000 + ((self->high_surrogate - 0xD800u) << 10) + (character - 0xDC00);
      self->high_surrogate = 0;
    }
  drop_high_surrogate (self);
  if (character >= 0xD800 && character < 0xDC00)
    {
      self->high_surrogate = character;
      return;
    }
  if (character == 0 || character > 0x10FFFF || (character >= 0xDC00 && character < 0xE000))
    {
      character = 0xFFFD;
      self->n_replaced++;
    }
  g_string_append_len (self->text, utf8, g_unichar_to_utf8 (character, utf8));
  if (self->text->len > TEXT_CHUNK)
    _imsg_rtf_reader_flush (self);
}

void
_imsg_rtf_reader_control (IMsgRtfReader  *self,
                          IMsgRtfControl  control)
{
  if (!wants_text (self) || self->state.destination == IMSG_RTF_DESTINATION_INSTRUCTION)
    return;
  if (self->state.destination == IMSG_RTF_DESTINATION_LIST_TEXT)
    {
      if (control == IMSG_RTF_CONTROL_TAB)
        _imsg_rtf_reader_add_text (self, "\t", 1);
      return;
    }
  drop_high_surrogate (self);
  _imsg_rtf_reader_flush (self);
  _imsg_rtf_reader_tell_list_item (self);
  if (!self->was_stopped && !self->control_func (self, control, self->user_data))
    self->was_stopped = TRUE;
}

static void
add_bytes (IMsgRtfReader *self,
           const guint8  *bytes,
           gsize          n_bytes)
{
  switch (self->state.destination)
    {
    case IMSG_RTF_DESTINATION_FONTS:
      _imsg_rtf_fonts_add_bytes (self, bytes, n_bytes);
      return;
    case IMSG_RTF_DESTINATION_COLORS:
      _imsg_rtf_colors_add_bytes (self, bytes, n_bytes);
      return;
    case IMSG_RTF_DESTINATION_PICTURE:
      _imsg_rtf_picture_add_hex (self, bytes, n_bytes);
      return;
    default:
      break;
    }
  if (!wants_text (self))
    return;
  if (self->high_surrogate != 0)
    drop_high_surrogate (self);
  /* Where a character begins, ASCII is ASCII in every page that text is in. */
  if (self->pending->len > 0 || _imsg_ascii_prefix (bytes, n_bytes) < n_bytes)
    {
      g_byte_array_append (self->pending, bytes, n_bytes);
      return;
    }
  g_string_append_len (self->text, (const char *) bytes, n_bytes);
  if (self->text->len > TEXT_CHUNK)
    _imsg_rtf_reader_flush (self);
}

/* Control words and symbols */

/* A word at the cursor, which stands behind the backslash: its letters, its number, and the one
 * space that belongs to it. Only \bin tells how much more to pass over. */
static void
read_word (IMsgRtfReader  *self,
           const char    **name,
           gsize          *n_name,
           gboolean       *has_parameter,
           gint32         *parameter)
{
  const guint8 *at = self->at;
  const guint8 *end = self->end;
  gboolean is_negative = FALSE;
  gint64 value = 0;
  guint n_digits = 0;

  *name = (const char *) at;
  while (at < end && g_ascii_isalpha (*at))
    at++;
  *n_name = at - self->at;
  if (at + 1 < end && *at == '-' && g_ascii_isdigit (at[1]))
    {
      is_negative = TRUE;
      at++;
    }
  for (; at < end && g_ascii_isdigit (*at); at++, n_digits++)
    {
      if (n_digits < MAX_DIGITS)
        value = value * 10 + (*at - '0');
    }
  *has_parameter = n_digits > 0;
  value = MIN (value, G_MAXINT32);
  *parameter = is_negative ? -value : value;
  if (at < end && *at == ' ')
    at++;
  self->at = at;

  if (*n_name == 3 && memcmp (*name, "bin", 3) == 0 && *parameter > 0)
    {
      self->binary = at;
      self->n_binary = MIN ((gsize) *parameter, (gsize) (end - at));
      self->at += self->n_binary;
    }
}

static void
add_reference (IMsgRtfReader *self,
               const char    *reference,
               const char    *character)
{
  const char *text = self->mode == IMSG_RTF_READ_HTML ? reference : character;

  _imsg_rtf_reader_add_text (self, text, strlen (text));
}

static void
read_symbol (IMsgRtfReader *self)
{
  guint8 symbol = *self->at++;

  if (symbol == '\'')
    {
      int high = self->at < self->end ? g_ascii_xdigit_value (self->at[0]) : -1;
      int low = self->at + 1 < self->end ? g_ascii_xdigit_value (self->at[1]) : -1;
      guint8 byte;

      if (high < 0 || low < 0)
        return;
      self->at += 2;
      byte = high << 4 | low;
      if (self->n_to_skip > 0)
        self->n_to_skip--;
      else if (byte != '\0')
        add_bytes (self, &byte, 1);
      return;
    }
  if (self->n_to_skip > 0)
    {
      self->n_to_skip--;
      return;
    }
  switch (symbol)
    {
    case '*':
      self->state.is_star = TRUE;
      break;
    case '{':
    case '}':
    case '\\':
      add_bytes (self, &symbol, 1);
      break;
    case '\r':
    case '\n':
      _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_PARAGRAPH);
      break;
    case '\t':
      _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_TAB);
      break;
    case '~':
      add_reference (self, "&nbsp;", "\xC2\xA0");
      break;
    case '_':
      /* Outlook encapsulates the soft hyphen so; in RTF proper it is the hyphen that holds. */
      add_reference (self, "&shy;", self->mode == IMSG_RTF_READ_TEXT ? "\xC2\xAD" : "\xE2\x80\x91");
      break;
    default:
      break;
    }
}

/* Groups */

static void
open_group (IMsgRtfReader *self)
{
  self->n_to_skip = 0;
  /* No character lies on both sides of a brace. */
  if (self->pending->len > 0)
    decode_pending (self);
  if (self->saved->len >= IMSG_MAX_RTF_GROUPS)
    {
      self->n_unsaved++;
      self->was_too_deep = TRUE;
      return;
    }
  g_array_append_val (self->saved, self->state);
  self->state.is_star = FALSE;
}

/* The outermost group is over. What Word and others write behind it says nothing: NULs, line ends,
 * a brace too many. */
static void
end_rtf (IMsgRtfReader *self)
{
  for (const guint8 *at = self->at; at < self->end; at++)
    {
      if (*at != '\0' && *at != '}' && !g_ascii_isspace (*at))
        {
          self->n_after_end = self->end - self->at;
          break;
        }
    }
  self->at = self->end;
}

static void
finish_destination (IMsgRtfReader      *self,
                    const IMsgRtfState *outer)
{
  if (self->state.destination == IMSG_RTF_DESTINATION_FONTS)
    {
      _imsg_rtf_fonts_finish_font (self);
      return;
    }
  if (self->state.is_in_link && !outer->is_in_link)
    _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_LINK_END);
}

static void
tell_picture (IMsgRtfReader *self)
{
  if (self->state.destination != IMSG_RTF_DESTINATION_NOTHING)
    {
      _imsg_rtf_reader_control (self, IMSG_RTF_CONTROL_PICTURE);
      return;
    }
  /* One that cannot be shown may have another form in what the shape looks like. */
  if (!_imsg_rtf_picture_is_sound (&self->picture))
    return;
  self->has_shape_content = TRUE;
  _imsg_rtf_reader_tell_list_item (self);
  if (!self->was_stopped &&
      !self->control_func (self, IMSG_RTF_CONTROL_PICTURE, self->user_data))
    self->was_stopped = TRUE;
}

/* What a destination held is complete, and belongs where the group was. */
static void
leave_destination (IMsgRtfReader      *self,
                   IMsgRtfDestination  destination)
{
  switch (destination)
    {
    case IMSG_RTF_DESTINATION_FONTS:
      /* What was looked up before the table was read is stale. */
      self->state.page = 0;
      break;
    case IMSG_RTF_DESTINATION_LIST_TEXT:
      self->has_list_item = TRUE;
      break;
    case IMSG_RTF_DESTINATION_PICTURE:
      tell_picture (self);
      break;
    default:
      break;
    }
}

static void
close_group (IMsgRtfReader *self)
{
  const IMsgRtfState *outer;
  IMsgRtfDestination destination;

  self->n_to_skip = 0;
  if (self->n_unsaved > 0)
    {
      self->n_unsaved--;
      return;
    }
  _imsg_rtf_reader_flush (self);
  if (self->saved->len == 0)
    {
      end_rtf (self);
      return;
    }
  outer = &g_array_index (self->saved, IMsgRtfState, self->saved->len - 1);
  if (self->state.destination != outer->destination || self->state.is_in_link)
    finish_destination (self, outer);
  destination = self->state.destination;
  self->state = *outer;
  g_array_set_size (self->saved, self->saved->len - 1);
  if (destination != self->state.destination)
    leave_destination (self, destination);
  if (self->saved->len == 0)
    end_rtf (self);
}

/* Goes to the end of the innermost group, whose closing brace is left to be read. */
void
_imsg_rtf_reader_skip_group (IMsgRtfReader *self)
{
  gsize depth = 0;

  while (self->at < self->end)
    {
      switch (*self->at)
        {
        case '{':
          depth++;
          self->at++;
          break;
        case '}':
          if (depth == 0)
            return;
          depth--;
          self->at++;
          break;
        case '\\':
          self->at++;
          if (self->at < self->end && g_ascii_isalpha (*self->at))
            {
              const char *name;
              gsize n_name;
              gboolean has_parameter;
              gint32 parameter;

              read_word (self, &name, &n_name, &has_parameter, &parameter);
            }
          else if (self->at < self->end)
            self->at++;
          break;
        default:
          self->at++;
        }
    }
}

/* A stretch of plain bytes: up to the next brace or backslash, line ends left out. */
static void
read_text (IMsgRtfReader *self)
{
  while (self->at < self->end)
    {
      const guint8 *start = self->at;
      const guint8 *at = start;

      while (at < self->end && *at != '\\' && *at != '{' && *at != '}' && *at != '\r' &&
             *at != '\n' && *at != '\0')
        at++;
      self->at = at;
      if (self->n_to_skip > 0)
        {
          gsize n = MIN (self->n_to_skip, (gsize) (at - start));

          self->n_to_skip -= n;
          start += n;
        }
      if (at > start)
        add_bytes (self, start, at - start);
      if (at == self->end || (*at != '\r' && *at != '\n' && *at != '\0'))
        return;
      self->at++;
    }
}

/* What follows a backslash */
static void
read_control (IMsgRtfReader *self)
{
  const char *name;
  gsize n_name;
  gboolean has_parameter;
  gint32 parameter;

  if (self->at == self->end)
    return;
  if (!g_ascii_isalpha (*self->at))
    {
      read_symbol (self);
      return;
    }
  read_word (self, &name, &n_name, &has_parameter, &parameter);
  if (self->n_to_skip > 0)
    self->n_to_skip--;
  else if (n_name <= MAX_NAME)
    _imsg_rtf_reader_word (self, name, n_name, has_parameter, parameter);
}

static void
tell_problems (IMsgRtfReader *self,
               gsize          n_open)
{
  if (n_open > 0)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The RTF ends with %zu group open",
                                          "The RTF ends with %zu groups open",
                                          n_open),
                             n_open);
  if (self->was_too_deep)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_TOO_COMPLEX,
                             _("Groups are more than %d deep; the inner ones share their "
                               "formatting"), IMSG_MAX_RTF_GROUPS);
  if (self->n_after_end > 0)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "%zu byte follows the end of the RTF",
                                          "%zu bytes follow the end of the RTF",
                                          self->n_after_end),
                             self->n_after_end);
  if (self->n_replaced > 0)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "%zu character of the RTF cannot be decoded",
                                          "%zu characters of the RTF cannot be decoded",
                                          self->n_replaced),
                             self->n_replaced);
}

void
_imsg_rtf_reader_run (IMsgRtfReader *self)
{
  gsize n_open;

  while (self->at < self->end && !self->was_stopped)
    {
      switch (*self->at)
        {
        case '{':
          self->at++;
          open_group (self);
          break;
        case '}':
          self->at++;
          close_group (self);
          break;
        case '\\':
          self->at++;
          read_control (self);
          break;
        default:
          read_text (self);
        }
    }

  n_open = self->saved->len > 0 && !self->was_stopped ? self->saved->len + self->n_unsaved : 0;
  drop_high_surrogate (self);
  _imsg_rtf_reader_flush (self);
  _imsg_rtf_reader_tell_list_item (self);
  tell_problems (self, n_open);
}
