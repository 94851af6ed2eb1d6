/* imsg-structure-reader.c - reading structures into trees of nodes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-code-page-private.h"
#include "imsg-filetime-private.h"
#include "imsg-guid-private.h"
#include "imsg-property-private.h"
#include "imsg-structure-private.h"

#include <glib/gi18n-lib.h>

/* Of one field that are shown */
#define MAX_SHOWN_BYTES 1024
#define MAX_SHOWN_CHARACTERS 1024

/* RTIME values that stand for no time */
#define MINUTES_NONE 0x5AE980DFu
#define MINUTES_NONE_LAST 0x5AE980E1u

gsize
_imsg_structure_get_n_left (const IMsgStructureReader *reader)
{
  return reader->has_failed ? 0 : reader->n_bytes - reader->offset;
}

void
_imsg_structure_fail (IMsgStructureReader *reader,
                      IMsgStructureNode   *parent,
                      const char          *format,
                      ...)
{
  g_autofree char *text = NULL;
  IMsgStructureNode *node;
  va_list arguments;

  if (reader->has_failed)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  node = _imsg_structure_node_new (NULL, reader->offset, reader->n_bytes - reader->offset);
  _imsg_structure_node_set_value (node, "%s", text);
  _imsg_structure_node_add (parent, node);
  reader->has_failed = TRUE;
}

/* The next n_bytes, or NULL with the node "truncated". */
static const guint8 *
take (IMsgStructureReader *reader,
      IMsgStructureNode   *parent,
      const char          *name,
      gsize                n_bytes)
{
  const guint8 *bytes = reader->bytes + reader->offset;

  if (reader->has_failed)
    return NULL;
  if (n_bytes > reader->n_bytes - reader->offset)
    {
      _imsg_structure_fail (reader, parent,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "truncated: “%s” needs %zu byte, %zu are left",
                                         "truncated: “%s” needs %zu bytes, %zu are left",
                                         n_bytes),
                            _(name), n_bytes, reader->n_bytes - reader->offset);
      return NULL;
    }
  reader->offset += n_bytes;
  return bytes;
}

static IMsgStructureNode *
add_node (IMsgStructureReader *reader,
          IMsgStructureNode   *parent,
          const char          *name,
          gsize                n_bytes)
{
  IMsgStructureNode *node = _imsg_structure_node_new (name, reader->offset - n_bytes, n_bytes);

  _imsg_structure_node_add (parent, node);
  return node;
}

static gboolean
read_number (IMsgStructureReader *reader,
             IMsgStructureNode   *parent,
             const char          *name,
             guint                n_bytes,
             guint32             *value)
{
  const guint8 *bytes = take (reader, parent, name, n_bytes);

  if (bytes == NULL)
    return FALSE;
  *value = 0;
  for (guint i = n_bytes; i > 0; i--)
    *value = *value << 8 | bytes[i - 1];
  return TRUE;
}

static gboolean
number (IMsgStructureReader   *reader,
        IMsgStructureNode     *parent,
        const char            *name,
        guint                  n_bytes,
        IMsgStructureNotation  notation,
        guint32               *value)
{
  IMsgStructureNode *node;

  if (!read_number (reader, parent, name, n_bytes, value))
    return FALSE;
  node = add_node (reader, parent, name, n_bytes);
  if (notation == IMSG_STRUCTURE_HEX)
    _imsg_structure_node_set_value (node, "0x%0*X", (int) n_bytes * 2, *value);
  else if (notation == IMSG_STRUCTURE_SIGNED)
    _imsg_structure_node_set_value (node, "%d", n_bytes == 4   ? (gint32) *value
                                                : n_bytes == 2 ? (gint16) *value
                                                               : (gint8) *value);
  else
    _imsg_structure_node_set_value (node, "%u", *value);
  return TRUE;
}

gboolean
_imsg_structure_u8 (IMsgStructureReader   *reader,
                    IMsgStructureNode     *parent,
                    const char            *name,
                    IMsgStructureNotation  notation,
                    guint8                *value)
{
  guint32 read;

  if (!number (reader, parent, name, 1, notation, &read))
    return FALSE;
  if (value != NULL)
    *value = (guint8) read;
  return TRUE;
}

gboolean
_imsg_structure_u16 (IMsgStructureReader   *reader,
                     IMsgStructureNode     *parent,
                     const char            *name,
                     IMsgStructureNotation  notation,
                     guint16               *value)
{
  guint32 read;

  if (!number (reader, parent, name, 2, notation, &read))
    return FALSE;
  if (value != NULL)
    *value = (guint16) read;
  return TRUE;
}

gboolean
_imsg_structure_u32 (IMsgStructureReader   *reader,
                     IMsgStructureNode     *parent,
                     const char            *name,
                     IMsgStructureNotation  notation,
                     guint32               *value)
{
  guint32 read;

  if (!number (reader, parent, name, 4, notation, &read))
    return FALSE;
  if (value != NULL)
    *value = read;
  return TRUE;
}

gboolean
_imsg_structure_enum (IMsgStructureReader     *reader,
                      IMsgStructureNode       *parent,
                      const char              *name,
                      guint                    n_bytes,
                      const IMsgStructureName *names,
                      gsize                    n_names,
                      guint32                 *value)
{
  guint32 read;
  const char *found = NULL;
  IMsgStructureNode *node;

  if (!read_number (reader, parent, name, n_bytes, &read))
    return FALSE;
  for (gsize i = 0; i < n_names && found == NULL; i++)
    if (names[i].value == read)
      found = names[i].name;
  node = add_node (reader, parent, name, n_bytes);
  if (found != NULL)
    _imsg_structure_node_set_value (node, "0x%X (%s)", read, _(found));
  else
    _imsg_structure_node_set_value (node, "0x%X", read);
  if (value != NULL)
    *value = read;
  return TRUE;
}

gboolean
_imsg_structure_flags (IMsgStructureReader     *reader,
                       IMsgStructureNode       *parent,
                       const char              *name,
                       guint                    n_bytes,
                       const IMsgStructureName *names,
                       gsize                    n_names,
                       guint32                 *value)
{
  g_autoptr(GString) text = NULL;
  guint32 read, rest;

  if (!read_number (reader, parent, name, n_bytes, &read))
    return FALSE;
  text = g_string_new (NULL);
  g_string_append_printf (text, "0x%0*X", (int) n_bytes * 2, read);
  rest = read;
  for (gsize i = 0; i < n_names; i++)
    if ((read & names[i].value) == names[i].value && names[i].value != 0)
      {
        g_string_append_printf (text, "%s%s", rest == read ? " (" : ", ", _(names[i].name));
        rest &= ~names[i].value;
      }
  if (rest != read)
    {
      if (rest != 0)
        g_string_append_printf (text, ", 0x%X", rest);
      g_string_append_c (text, ')');
    }
  _imsg_structure_node_set_value (add_node (reader, parent, name, n_bytes), "%s", text->str);
  if (value != NULL)
    *value = read;
  return TRUE;
}

gboolean
_imsg_structure_filetime (IMsgStructureReader *reader,
                          IMsgStructureNode   *parent,
                          const char          *name)
{
  const guint8 *bytes = take (reader, parent, name, 8);
  g_autofree char *text = NULL;
  guint64 ticks;

  if (bytes == NULL)
    return FALSE;
  memcpy (&ticks, bytes, 8);
  ticks = GUINT64_FROM_LE (ticks);
  if (_imsg_filetime_is_set (ticks))
    text = _imsg_filetime_to_rfc3339 (ticks);
  _imsg_structure_node_set_value (add_node (reader, parent, name, 8), "%s",
                                  text != NULL ? text : _("none"));
  return TRUE;
}

gboolean
_imsg_structure_minutes (IMsgStructureReader *reader,
                         IMsgStructureNode   *parent,
                         const char          *name,
                         guint32             *value)
{
  g_autofree char *text = NULL;
  guint32 read;

  if (!read_number (reader, parent, name, 4, &read))
    return FALSE;
  if (read < MINUTES_NONE || read > MINUTES_NONE_LAST)
    {
      g_autoptr(GDateTime) time =
        _imsg_filetime_to_date_time ((guint64) read * 60 * IMSG_TICKS_PER_SECOND);

      text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : NULL;
    }
  _imsg_structure_node_set_value (add_node (reader, parent, name, 4), "%s",
                                  text != NULL ? text : _("none"));
  if (value != NULL)
    *value = read;
  return TRUE;
}

gboolean
_imsg_structure_guid (IMsgStructureReader *reader,
                      IMsgStructureNode   *parent,
                      const char          *name)
{
  const guint8 *bytes = take (reader, parent, name, 16);
  g_autofree char *text = NULL;
  IMsgGuid guid;

  if (bytes == NULL)
    return FALSE;
  memcpy (guid.bytes, bytes, 16);
  text = _imsg_guid_to_text (&guid);
  _imsg_structure_node_set_value (add_node (reader, parent, name, 16), "%s", text);
  return TRUE;
}

gboolean
_imsg_structure_bytes (IMsgStructureReader *reader,
                       IMsgStructureNode   *parent,
                       const char          *name,
                       gsize                n_bytes)
{
  const guint8 *bytes = take (reader, parent, name, n_bytes);
  g_autoptr(GString) text = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_string_new (NULL);
  for (gsize i = 0; i < MIN (n_bytes, MAX_SHOWN_BYTES); i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? " " : "", bytes[i]);
  if (n_bytes > MAX_SHOWN_BYTES)
    g_string_append (text, " …");
  _imsg_structure_node_set_value (add_node (reader, parent, name, n_bytes), "%s", text->str);
  return TRUE;
}

static void
add_text (IMsgStructureReader *reader,
          IMsgStructureNode   *parent,
          const char          *name,
          const guint8        *bytes,
          gsize                n_text,
          gsize                n_bytes,
          gboolean             is_utf16)
{
  /* More than is shown, so that no character is cut */
  gsize n_decoded = MIN (n_text, 4 * MAX_SHOWN_CHARACTERS);
  g_autofree char *text =
    is_utf16 ? _imsg_utf16_decode (bytes, n_decoded, NULL, NULL)
             : _imsg_code_page_decode (reader->code_page, bytes, n_decoded, NULL, NULL);
  g_autoptr(GString) shown = g_string_new (NULL);
  const char *at = text;
  char buffer[IMSG_ESCAPE_SIZE];

  for (guint i = 0; *at != '\0' && i < MAX_SHOWN_CHARACTERS; at = g_utf8_next_char (at), i++)
    {
      gunichar c = g_utf8_get_char (at);
      const char *escape = _imsg_escape_character (c, buffer);

      if (escape != NULL)
        g_string_append (shown, escape);
      else
        g_string_append_unichar (shown, c);
    }
  _imsg_structure_node_set_value (add_node (reader, parent, name, n_bytes),
                                  *at != '\0' || n_decoded < n_text ? "“%s…”" : "“%s”",
                                  shown->str);
}

gboolean
_imsg_structure_text (IMsgStructureReader *reader,
                      IMsgStructureNode   *parent,
                      const char          *name,
                      gsize                n_bytes,
                      gboolean             is_utf16)
{
  const guint8 *bytes = take (reader, parent, name, n_bytes);

  if (bytes == NULL)
    return FALSE;
  add_text (reader, parent, name, bytes, n_bytes, n_bytes, is_utf16);
  return TRUE;
}

gboolean
_imsg_structure_text_z (IMsgStructureReader *reader,
                        IMsgStructureNode   *parent,
                        const char          *name,
                        gboolean             is_utf16)
{
  gsize n_left = _imsg_structure_get_n_left (reader);
  const guint8 *bytes = reader->bytes + reader->offset;
  gsize unit = is_utf16 ? 2 : 1;
  gsize length = 0;

  if (reader->has_failed)
    return FALSE;
  while (length + unit <= n_left && (bytes[length] != 0 || (is_utf16 && bytes[length + 1] != 0)))
    length += unit;
  if (take (reader, parent, name, length + unit) == NULL)
    return FALSE;
  add_text (reader, parent, name, bytes, length, length + unit, is_utf16);
  return TRUE;
}

IMsgStructureNode *
_imsg_structure_begin (IMsgStructureReader *reader,
                       IMsgStructureNode   *parent,
                       const char          *name)
{
  IMsgStructureNode *group = _imsg_structure_node_new (name, reader->offset, 0);

  _imsg_structure_node_add (parent, group);
  return group;
}

void
_imsg_structure_end (IMsgStructureReader *reader,
                     IMsgStructureNode   *group)
{
  _imsg_structure_node_set_size (group,
                                 reader->offset - imsg_structure_node_get_offset (group));
}

gboolean
_imsg_structure_inner (IMsgStructureReader *reader,
                       IMsgStructureNode   *parent,
                       const char          *name,
                       gsize                n_bytes,
                       IMsgStructureParser  parser)
{
  IMsgStructureReader inner = *reader;
  IMsgStructureNode *node;

  if (parser == NULL || n_bytes == 0)
    return _imsg_structure_bytes (reader, parent, name, n_bytes);
  if (take (reader, parent, name, n_bytes) == NULL)
    return FALSE;
  node = add_node (reader, parent, name, n_bytes);
  inner.n_bytes = inner.offset + n_bytes;
  inner.depth++;
  if (inner.depth > IMSG_STRUCTURE_MAX_DEPTH)
    _imsg_structure_fail (&inner, node, _("not expanded: nested too deep"));
  else
    parser (&inner, node);
  if (_imsg_structure_get_n_left (&inner) > 0)
    _imsg_structure_bytes (&inner, node, N_("Trailing data"), _imsg_structure_get_n_left (&inner));
  return TRUE;
}

gboolean
_imsg_structure_sized (IMsgStructureReader *reader,
                       IMsgStructureNode   *parent,
                       const char          *name,
                       IMsgStructureParser  parser)
{
  /* Translators: the size of a part of a structure, by the name of the part */
  g_autofree char *size_name = g_strdup_printf (_("%s size"), _(name));
  guint32 n_bytes;

  return _imsg_structure_u32 (reader, parent, size_name, IMSG_STRUCTURE_DECIMAL, &n_bytes) &&
         _imsg_structure_inner (reader, parent, name, n_bytes, parser);
}

gboolean
_imsg_structure_check_count (IMsgStructureReader *reader,
                             IMsgStructureNode   *parent,
                             guint32              count,
                             gsize                least_size)
{
  if (reader->has_failed)
    return FALSE;
  if (count <= _imsg_structure_get_n_left (reader) / least_size)
    return TRUE;
  _imsg_structure_fail (reader, parent,
                        g_dngettext (GETTEXT_PACKAGE,
                                     "damaged: %u element cannot be in %zu bytes",
                                     "damaged: %u elements cannot be in %zu bytes",
                                     count),
                        count, _imsg_structure_get_n_left (reader));
  return FALSE;
}
