/* imsg-rtf-rich.c - simple HTML and readable text of RTF that encapsulates nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-html-private.h"
#include "imsg-rtf-private.h"
#include "imsg-rtf-reader-private.h"

#define PLACE "PR_RTF_COMPRESSED"
#define TWIPS_PER_POINT 20
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

typedef struct
{
  GString *out;
  gsize    max_bytes;
  Look     look;             /* of the elements that are open */
  char    *link_target;      /* of the hyperlink we are in */
  gsize    link_start;       /* where its text began, for text */
  guint    n_attachments;
  guint    is_in_paragraph : 1;
  guint    is_in_table : 1;
  guint    is_in_row : 1;
  guint    is_in_cell : 1;
  guint    has_look : 1;
  guint    has_anchor : 1;   /* <a> is open */
} Writer;

static gboolean
has_room (Writer *writer)
{
  return writer->out->len <= writer->max_bytes;
}

/* To HTML */

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

static void
open_paragraph (Writer        *writer,
                IMsgRtfReader *reader)
{
  static const char *const alignments[] = { NULL, "right", "center", "justify" };
  const IMsgRtfState *state = &reader->state;

  g_string_append (writer->out, "<p");
  if (state->is_right_to_left)
    g_string_append (writer->out, " dir=\"rtl\"");
  if (state->alignment != IMSG_RTF_ALIGN_LEFT || state->left_indent > 0)
    {
      g_string_append (writer->out, " style=\"");
      if (state->alignment != IMSG_RTF_ALIGN_LEFT)
        g_string_append_printf (writer->out, "text-align:%s;", alignments[state->alignment]);
      if (state->left_indent > 0)
        g_string_append_printf (writer->out, "margin-left:%dpt;",
                                state->left_indent / TWIPS_PER_POINT);
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
        g_string_append (writer->out, "<table border=\"1\">\r\n");
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

static gboolean
html_text_cb (IMsgRtfReader *reader,
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
html_control_cb (IMsgRtfReader  *reader,
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
      g_string_append (writer->out, "[picture]");
      break;
    case IMSG_RTF_CONTROL_ATTACHMENT:
      open_inline (writer, reader);
      g_string_append_printf (writer->out, "[attachment %u]", ++writer->n_attachments);
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

static char *
finish (Writer    *writer,
        gsize     *length,
        GPtrArray *problems)
{
  if (!has_room (writer))
    _imsg_problem_list_add (problems,
      _imsg_problem_new (PLACE, IMSG_ERROR_TOO_BIG,
                         "Cut off at the limit of %" G_GSIZE_FORMAT " bytes", writer->max_bytes));
  g_free (writer->link_target);
  *length = writer->out->len;
  return g_string_free (writer->out, FALSE);
}

char *
_imsg_rtf_rich_to_html (const guint8 *rtf,
                        gsize         n_bytes,
                        gsize         max_bytes,
                        gsize        *length,
                        GPtrArray    *problems)
{
  IMsgRtfReader reader;
  Writer writer = { 0 };

  writer.out = g_string_sized_new (n_bytes + 256);
  writer.max_bytes = max_bytes;
  g_string_append (writer.out,
                   "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"><style>"
                   "p{margin:0;white-space:pre-wrap}td{white-space:pre-wrap}"
                   "table{border-collapse:collapse}</style></head>\r\n<body>\r\n");
  _imsg_rtf_reader_init (&reader, IMSG_RTF_READ_RICH, rtf, n_bytes, html_text_cb, html_control_cb,
                         &writer, problems);
  _imsg_rtf_reader_run (&reader);
  _imsg_rtf_reader_clear (&reader);
  close_paragraph (&writer);
  close_table (&writer);
  g_string_append (writer.out, "</body></html>\r\n");
  return finish (&writer, length, problems);
}

/* To text */

static gboolean
text_text_cb (IMsgRtfReader *reader,
              const char    *text,
              gsize          length,
              gpointer       user_data)
{
  Writer *writer = user_data;

  if (!reader->state.is_hidden)
    g_string_append_len (writer->out, text, length);
  return has_room (writer);
}

static void
finish_text_link (Writer *writer)
{
  const char *target = writer->link_target;

  if (target == NULL)
    return;
  if (g_ascii_strncasecmp (target, "mailto:", 7) == 0)
    target += 7;
  if (strcmp (writer->out->str + writer->link_start, target) != 0)
    g_string_append_printf (writer->out, " <%s>", target);
  g_clear_pointer (&writer->link_target, g_free);
}

static gboolean
text_control_cb (IMsgRtfReader  *reader,
                 IMsgRtfControl  control,
                 gpointer        user_data)
{
  Writer *writer = user_data;

  switch (control)
    {
    case IMSG_RTF_CONTROL_PARAGRAPH:
    case IMSG_RTF_CONTROL_LINE:
    case IMSG_RTF_CONTROL_PAGE:
    case IMSG_RTF_CONTROL_ROW:
      g_string_append (writer->out, "\r\n");
      break;
    case IMSG_RTF_CONTROL_TAB:
    case IMSG_RTF_CONTROL_CELL:
      g_string_append_c (writer->out, '\t');
      break;
    case IMSG_RTF_CONTROL_PICTURE:
      g_string_append (writer->out, "[picture]");
      break;
    case IMSG_RTF_CONTROL_ATTACHMENT:
      g_string_append_printf (writer->out, "[attachment %u]", ++writer->n_attachments);
      break;
    case IMSG_RTF_CONTROL_LINK_BEGIN:
      g_free (writer->link_target);
      writer->link_target = g_strdup (reader->link_target);
      writer->link_start = writer->out->len;
      break;
    case IMSG_RTF_CONTROL_LINK_END:
      finish_text_link (writer);
      break;
    default:
      break;
    }
  return has_room (writer);
}

char *
_imsg_rtf_rich_to_text (const guint8 *rtf,
                        gsize         n_bytes,
                        gsize         max_bytes,
                        gsize        *length,
                        GPtrArray    *problems)
{
  IMsgRtfReader reader;
  Writer writer = { 0 };

  writer.out = g_string_sized_new (n_bytes / 2 + 64);
  writer.max_bytes = max_bytes;
  _imsg_rtf_reader_init (&reader, IMSG_RTF_READ_RICH, rtf, n_bytes, text_text_cb, text_control_cb,
                         &writer, problems);
  _imsg_rtf_reader_run (&reader);
  _imsg_rtf_reader_clear (&reader);
  return finish (&writer, length, problems);
}
