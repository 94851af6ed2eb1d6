/* imsg-rtf-rich-html.c - simple HTML of RTF that encapsulates nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"
#include "imsg-html-private.h"
#include "imsg-rtf-private.h"
#include "imsg-rtf-reader-private.h"

#include <glib/gi18n-lib.h>

#define PLACE "PR_RTF_COMPRESSED"
#define TWIPS_PER_POINT 20
#define TWIPS_PER_PIXEL 15
#define MAX_LISTS 9
#define MAX_LIST_NUMBER 1000000
#define DEFAULT_SIZE 24 /* half points: 12 pt, which is what browsers take too */

/* Everything that makes characters look different */
typedef struct
{
  gint32  font;
  guint16 size;
  guint16 color;
  guint16 background;
  guint   is_bold : 1;
  guint   is_italic : 1;
  guint   is_underlined : 1;
  guint   is_struck : 1;
  guint   is_superscript : 1;
  guint   is_subscript : 1;
} Look;

typedef enum
{
  LIST_BULLETS,
  LIST_NUMBERS,
  LIST_OTHER,     /* its marks are neither: they stay text */
} ListKind;

typedef struct
{
  GString              *out;
  gsize                 max_bytes;
  const IMsgRtfObjects *objects;        /* that stand at \objattph; NULL when they are not known */
  guint                 n_objects;      /* placeholders so far */
  Look                  look;           /* of the elements that are open */
  char                 *link_target;    /* of the hyperlink we are in */
  guint8                lists[MAX_LISTS]; /* ListKind */
  guint                 n_lists;
  guint                 begins_item : 1;     /* the next paragraph is an item's */
  guint                 is_in_paragraph : 1;
  guint                 is_in_table : 1;
  guint                 is_in_row : 1;
  guint                 is_in_cell : 1;
  guint                 has_look : 1;
  guint                 has_anchor : 1;      /* <a> is open */
} Writer;

static gboolean
has_room (Writer *writer)
{
  return writer->out->len <= writer->max_bytes;
}

static Look
get_look (IMsgRtfReader *reader)
{
  const IMsgRtfState *state = &reader->state;
  Look look;

  memset (&look, 0, sizeof look);
  look.font = state->associated_fonts[state->script] >= 0 ? state->associated_fonts[state->script]
                                                          : state->font;
  look.size = state->size;
  look.color = state->color;
  look.background = state->background;
  look.is_bold = state->is_bold;
  look.is_italic = state->is_italic;
  look.is_underlined = state->is_underlined;
  look.is_struck = state->is_struck;
  look.is_superscript = state->is_superscript;
  look.is_subscript = state->is_subscript;
  return look;
}

static void
close_look (Writer *writer)
{
  if (!writer->has_look)
    return;
  writer->has_look = FALSE;
  if (writer->look.is_subscript)
    g_string_append (writer->out, "</sub>");
  if (writer->look.is_superscript)
    g_string_append (writer->out, "</sup>");
  if (writer->look.is_struck)
    g_string_append (writer->out, "</s>");
  if (writer->look.is_underlined)
    g_string_append (writer->out, "</u>");
  if (writer->look.is_italic)
    g_string_append (writer->out, "</i>");
  if (writer->look.is_bold)
    g_string_append (writer->out, "</b>");
  g_string_append (writer->out, "</span>");
}

static void
append_color (Writer        *writer,
              IMsgRtfReader *reader,
              const char    *property,
              guint          index)
{
  guint32 color;

  if (index >= reader->colors->len)
    return;
  color = g_array_index (reader->colors, guint32, index);
  if (color != G_MAXUINT32)
    g_string_append_printf (writer->out, "%s:#%06x;", property, color);
}

static void
open_look (Writer        *writer,
           IMsgRtfReader *reader,
           Look           look)
{
  const IMsgRtfFont *font = _imsg_rtf_reader_get_font (reader);

  if (writer->has_look && memcmp (&writer->look, &look, sizeof look) == 0)
    return;
  close_look (writer);
  g_string_append (writer->out, "<span style=\"");
  if (font != NULL && font->name[0] != '\0')
    {
      g_string_append (writer->out, "font-family:'");
      for (const char *at = font->name; *at != '\0'; at++)
        {
          if (strchr ("\"'<>&;\\{}", *at) == NULL && (guint8) *at >= 0x20)
            g_string_append_c (writer->out, *at);
        }
      g_string_append (writer->out, "';");
    }
  if (look.size != DEFAULT_SIZE)
    g_string_append_printf (writer->out, "font-size:%u%spt;", look.size / 2,
                            look.size % 2 ? ".5" : "");
  append_color (writer, reader, "color", look.color);
  if (look.background != 0)
    append_color (writer, reader, "background-color", look.background);
  g_string_append (writer->out, "\">");
  if (look.is_bold)
    g_string_append (writer->out, "<b>");
  if (look.is_italic)
    g_string_append (writer->out, "<i>");
  if (look.is_underlined)
    g_string_append (writer->out, "<u>");
  if (look.is_struck)
    g_string_append (writer->out, "<s>");
  if (look.is_superscript)
    g_string_append (writer->out, "<sup>");
  if (look.is_subscript)
    g_string_append (writer->out, "<sub>");
  writer->look = look;
  writer->has_look = TRUE;
}

static void
close_inline (Writer *writer)
{
  close_look (writer);
  if (writer->has_anchor)
    g_string_append (writer->out, "</a>");
  writer->has_anchor = FALSE;
}

static void
close_paragraph (Writer *writer)
{
  close_inline (writer);
  if (writer->is_in_paragraph)
    g_string_append (writer->out, "</p>\r\n");
  writer->is_in_paragraph = FALSE;
}

static void
close_table (Writer *writer)
{
  if (!writer->is_in_table)
    return;
  close_inline (writer);
  if (writer->is_in_cell)
    g_string_append (writer->out, "</td>");
  if (writer->is_in_row)
    g_string_append (writer->out, "</tr>");
  g_string_append (writer->out, "</table>\r\n");
  writer->is_in_cell = FALSE;
  writer->is_in_row = FALSE;
  writer->is_in_table = FALSE;
}

/* Ends lists until so many are left open. */
static void
close_lists (Writer *writer,
             guint   n_left)
{
  while (writer->n_lists > n_left)
    g_string_append (writer->out,
                     writer->lists[--writer->n_lists] == LIST_BULLETS ? "</li></ul>\r\n"
                                                                      : "</li></ol>\r\n");
}

static void
open_list (Writer  *writer,
           ListKind kind)
{
  static const char *const starts[] = {
    "<ul>", "<ol>", "<ol style=\"list-style-type:none\">",
  };

  g_string_append (writer->out, starts[kind]);
  writer->lists[writer->n_lists++] = kind;
}

/* What the mark of an item says of its list: "3.", "(3)" and "3" are numbers, one character that is
 * no digit is a bullet (in symbol fonts a letter may be one); "b)", "2.1" and others stay text. */
static ListKind
parse_list_text (const char *text,
                 guint      *number)
{
  g_autofree char *mark = g_strstrip (g_strdup (text));
  const char *at = *mark == '(' ? mark + 1 : mark;
  char *end = NULL;
  guint64 value;

  if (g_ascii_isdigit (*at))
    {
      value = g_ascii_strtoull (at, &end, 10);
      if (*end == '.' || *end == ')')
        end++;
      if (*end != '\0' || value > MAX_LIST_NUMBER)
        return LIST_OTHER;
      *number = value;
      return LIST_NUMBERS;
    }
  return g_utf8_strlen (mark, -1) <= 1 ? LIST_BULLETS : LIST_OTHER;
}

static void
begin_list_item (Writer        *writer,
                 IMsgRtfReader *reader)
{
  guint level = MIN (reader->state.list_level, MAX_LISTS - 1);
  guint number = 0;
  ListKind kind = parse_list_text (reader->list_text->str, &number);

  close_paragraph (writer);
  close_table (writer);
  close_lists (writer, level + 1);
  if (writer->n_lists == level + 1 && writer->lists[level] != kind)
    close_lists (writer, level);
  if (writer->n_lists == level + 1)
    g_string_append (writer->out, "</li>\r\n");
  else
    {
      /* Levels that were passed over have an item each, or the list would be none. */
      while (writer->n_lists < level)
        {
          open_list (writer, kind);
          g_string_append (writer->out, "<li>");
        }
      open_list (writer, kind);
    }
  if (kind == LIST_NUMBERS)
    g_string_append_printf (writer->out, "<li value=\"%u\">", number);
  else
    g_string_append (writer->out, "<li>");
  writer->begins_item = TRUE;
}

static void
open_paragraph (Writer        *writer,
                IMsgRtfReader *reader)
{
  static const char *const alignments[] = { NULL, "right", "center", "justify" };
  const IMsgRtfState *state = &reader->state;
  gint32 left_indent = writer->begins_item ? 0 : state->left_indent;

  if (!writer->begins_item)
    close_lists (writer, 0);
  writer->begins_item = FALSE;
  g_string_append (writer->out, "<p");
  if (state->is_right_to_left)
    g_string_append (writer->out, " dir=\"rtl\"");
  if (state->alignment != IMSG_RTF_ALIGN_LEFT || left_indent > 0)
    {
      g_string_append (writer->out, " style=\"");
      if (state->alignment != IMSG_RTF_ALIGN_LEFT)
        g_string_append_printf (writer->out, "text-align:%s;", alignments[state->alignment]);
      if (left_indent > 0)
        g_string_append_printf (writer->out, "margin-left:%dpt;", left_indent / TWIPS_PER_POINT);
      g_string_append_c (writer->out, '"');
    }
  g_string_append_c (writer->out, '>');
  writer->is_in_paragraph = TRUE;
}

/* A cell or a paragraph, whichever the next text stands in. */
static void
open_block (Writer        *writer,
            IMsgRtfReader *reader)
{
  if (reader->state.is_in_table)
    {
      if (writer->is_in_paragraph)
        close_paragraph (writer);
      if (!writer->is_in_table)
        {
          close_lists (writer, 0);
          g_string_append (writer->out, "<table border=\"1\">\r\n");
        }
      if (!writer->is_in_row)
        g_string_append (writer->out, "<tr>");
      if (!writer->is_in_cell)
        g_string_append (writer->out, "<td>");
      writer->is_in_table = TRUE;
      writer->is_in_row = TRUE;
      writer->is_in_cell = TRUE;
      return;
    }
  close_table (writer);
  if (!writer->is_in_paragraph)
    open_paragraph (writer, reader);
}

static gboolean
is_safe_target (const char *target)
{
  static const char *const schemes[] = { "http:", "https:", "mailto:", "ftp:", "tel:", "#" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_ascii_strncasecmp (target, schemes[i], strlen (schemes[i])) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
open_inline (Writer        *writer,
             IMsgRtfReader *reader)
{
  open_block (writer, reader);
  if (writer->link_target != NULL && !writer->has_anchor && is_safe_target (writer->link_target))
    {
      close_look (writer);
      g_string_append (writer->out, "<a href=\"");
      _imsg_html_append_escaped (writer->out, writer->link_target, strlen (writer->link_target));
      g_string_append (writer->out, "\">");
      writer->has_anchor = TRUE;
    }
  open_look (writer, reader, get_look (reader));
}

static void
append_size (Writer     *writer,
             const char *name,
             gint32      twips,
             gint32      scale)
{
  gint64 n_pixels = (gint64) twips * CLAMP (scale, 1, 1000) / 100 / TWIPS_PER_PIXEL;

  if (n_pixels > 0 && n_pixels <= 10000)
    g_string_append_printf (writer->out, " %s=\"%d\"", name, (int) n_pixels);
}

/* What browsers can show goes into the page, as far as there is room. */
static void
append_picture (Writer               *writer,
                const IMsgRtfPicture *picture)
{
  static const char *const types[] = { NULL, "image/png", "image/jpeg" };
  g_autofree char *data = NULL;

  if (!_imsg_rtf_picture_is_sound (picture) || writer->out->len > writer->max_bytes ||
      picture->bytes->len / 3 + 64 > (writer->max_bytes - writer->out->len) / 4)
    {
      g_string_append (writer->out, "[picture]");
      return;
    }
  data = g_base64_encode (picture->bytes->data, picture->bytes->len);
  g_string_append_printf (writer->out, "<img alt=\"\" src=\"data:%s;base64,", types[picture->kind]);
  g_string_append (writer->out, data);
  g_string_append_c (writer->out, '"');
  append_size (writer, "width", picture->width, picture->scale_x);
  append_size (writer, "height", picture->height, picture->scale_y);
  g_string_append_c (writer->out, '>');
}

/* An item begins; in a cell, and where the list has marks of its own, the mark is text. */
static void
append_list_text (Writer        *writer,
                  IMsgRtfReader *reader)
{
  if (!reader->state.is_in_table)
    {
      begin_list_item (writer, reader);
      if (writer->lists[writer->n_lists - 1] != LIST_OTHER)
        return;
    }
  open_inline (writer, reader);
  _imsg_html_append_escaped (writer->out, reader->list_text->str, reader->list_text->len);
}

static void
append_object_name (Writer *writer,
                    guint   position)
{
  const char *name = writer->objects->names->pdata[position];

  g_string_append_c (writer->out, '[');
  _imsg_html_append_escaped (writer->out, name, strlen (name));
  g_string_append_c (writer->out, ']');
}

static void
append_object (Writer        *writer,
               IMsgRtfReader *reader,
               guint          position)
{
  if (writer->objects != NULL &&
      (!writer->objects->is_placed || position >= writer->objects->names->len))
    return;
  open_inline (writer, reader);
  if (writer->objects != NULL)
    append_object_name (writer, position);
  else
    g_string_append_printf (writer->out, "[attachment %u]", position + 1);
}

/* When the places are not those of the attachments, these are told after the text. */
static void
append_unplaced (Writer *writer)
{
  if (writer->objects == NULL || writer->objects->is_placed)
    return;
  for (guint i = 0; i < writer->objects->names->len; i++)
    {
      g_string_append (writer->out, "<p>");
      append_object_name (writer, i);
      g_string_append (writer->out, "</p>\r\n");
    }
}

static gboolean
text_cb (IMsgRtfReader *reader,
         const char    *text,
         gsize          length,
         gpointer       user_data)
{
  Writer *writer = user_data;

  if (reader->state.is_hidden)
    return TRUE;
  open_inline (writer, reader);
  _imsg_html_append_escaped (writer->out, text, length);
  return has_room (writer);
}

static gboolean
control_cb (IMsgRtfReader  *reader,
            IMsgRtfControl  control,
            gpointer        user_data)
{
  Writer *writer = user_data;

  switch (control)
    {
    case IMSG_RTF_CONTROL_PARAGRAPH:
      if (reader->state.is_in_table)
        {
          open_block (writer, reader);
          close_inline (writer);
          g_string_append (writer->out, "<br>");
          break;
        }
      close_table (writer);
      if (!writer->is_in_paragraph)
        {
          open_paragraph (writer, reader);
          g_string_append (writer->out, "<br>");
        }
      close_paragraph (writer);
      break;
    case IMSG_RTF_CONTROL_LINE:
      open_block (writer, reader);
      g_string_append (writer->out, "<br>");
      break;
    case IMSG_RTF_CONTROL_TAB:
      open_inline (writer, reader);
      g_string_append_c (writer->out, '\t');
      break;
    case IMSG_RTF_CONTROL_PAGE:
      close_paragraph (writer);
      close_table (writer);
      close_lists (writer, 0);
      g_string_append (writer->out, "<hr>\r\n");
      break;
    case IMSG_RTF_CONTROL_CELL:
      reader->state.is_in_table = TRUE;
      open_block (writer, reader);
      close_inline (writer);
      g_string_append (writer->out, "</td>");
      writer->is_in_cell = FALSE;
      break;
    case IMSG_RTF_CONTROL_ROW:
      close_inline (writer);
      if (writer->is_in_cell)
        g_string_append (writer->out, "</td>");
      if (writer->is_in_row)
        g_string_append (writer->out, "</tr>\r\n");
      writer->is_in_cell = FALSE;
      writer->is_in_row = FALSE;
      break;
    case IMSG_RTF_CONTROL_PICTURE:
      open_inline (writer, reader);
      append_picture (writer, &reader->picture);
      break;
    case IMSG_RTF_CONTROL_LIST_ITEM:
      append_list_text (writer, reader);
      break;
    case IMSG_RTF_CONTROL_ATTACHMENT:
      append_object (writer, reader, writer->n_objects++);
      break;
    case IMSG_RTF_CONTROL_LINK_BEGIN:
      g_free (writer->link_target);
      writer->link_target = g_strdup (reader->link_target);
      break;
    case IMSG_RTF_CONTROL_LINK_END:
      close_inline (writer);
      g_clear_pointer (&writer->link_target, g_free);
      break;
    default:
      break;
    }
  return has_room (writer);
}

char *
_imsg_rtf_rich_finish (GString   *out,
                       gsize      max_bytes,
                       gsize     *length,
                       GPtrArray *problems)
{
  if (out->len > max_bytes)
    _imsg_body_tell_cut (problems, PLACE, max_bytes);
  *length = out->len;
  return g_string_free (out, FALSE);
}

char *
_imsg_rtf_rich_to_html (const guint8         *rtf,
                        gsize                 n_bytes,
                        gsize                 max_bytes,
                        const IMsgRtfObjects *objects,
                        gsize                *length,
                        GPtrArray            *problems)
{
  IMsgRtfReader reader;
  Writer writer = { 0 };

  writer.out = g_string_sized_new (n_bytes + 256);
  writer.max_bytes = max_bytes;
  writer.objects = objects;
  g_string_append (writer.out,
                   "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"><style>"
                   "p{margin:0;white-space:pre-wrap}td{white-space:pre-wrap}"
                   "table{border-collapse:collapse}</style></head>\r\n<body>\r\n");
  _imsg_rtf_reader_init (&reader, IMSG_RTF_READ_RICH, rtf, n_bytes, text_cb, control_cb,
                         &writer, problems);
  _imsg_rtf_reader_run (&reader);
  _imsg_rtf_reader_clear (&reader);
  close_paragraph (&writer);
  close_table (&writer);
  close_lists (&writer, 0);
  append_unplaced (&writer);
  g_string_append (writer.out, "</body></html>\r\n");
  g_free (writer.link_target);
  return _imsg_rtf_rich_finish (writer.out, max_bytes, length, problems);
}
