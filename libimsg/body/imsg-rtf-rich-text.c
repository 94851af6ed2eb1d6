/* imsg-rtf-rich-text.c - readable text of RTF that encapsulates nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-private.h"
#include "imsg-rtf-reader-private.h"

typedef struct
{
  GString               *out;
  gsize                  max_bytes;
  const IMsgRtfObjects  *objects;      /* that stand at \objattph; NULL when they are not known */
  guint                  n_objects;    /* placeholders so far */
  char                  *link_target;  /* of the hyperlink we are in */
  gsize                  link_start;   /* where its text began */
} Writer;

static gboolean
has_room (Writer *writer)
{
  return writer->out->len <= writer->max_bytes;
}

static gboolean
text_cb (IMsgRtfReader *reader,
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
append_object (Writer *writer,
               guint   position)
{
  if (writer->objects == NULL)
    g_string_append_printf (writer->out, "[attachment %u]", position + 1);
  else if (writer->objects->is_placed && position < writer->objects->names->len)
    g_string_append_printf (writer->out, "[%s]",
                            (const char *) writer->objects->names->pdata[position]);
}

/* When the places are not those of the attachments, these are told after the text. */
static void
append_unplaced (Writer *writer)
{
  const IMsgRtfObjects *objects = writer->objects;

  if (objects == NULL || objects->is_placed)
    return;
  for (guint i = 0; i < objects->names->len; i++)
    g_string_append_printf (writer->out, "\r\n[%s]", (const char *) objects->names->pdata[i]);
}

static void
finish_link (Writer *writer)
{
  const char *target = writer->link_target;

  if (target == NULL)
    return;
  if (g_ascii_strncasecmp (target, "mailto:", 7) == 0)
    target += 7;
  /* One into the text itself is none to who reads it as text. */
  if (*target != '#' && strcmp (writer->out->str + writer->link_start, target) != 0)
    g_string_append_printf (writer->out, " <%s>", target);
  g_clear_pointer (&writer->link_target, g_free);
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
    case IMSG_RTF_CONTROL_LIST_ITEM:
      for (guint i = 0; i < reader->state.list_level; i++)
        g_string_append (writer->out, "    ");
      g_string_append_len (writer->out, reader->list_text->str, reader->list_text->len);
      break;
    case IMSG_RTF_CONTROL_ATTACHMENT:
      append_object (writer, writer->n_objects++);
      break;
    case IMSG_RTF_CONTROL_LINK_BEGIN:
      g_free (writer->link_target);
      writer->link_target = g_strdup (reader->link_target);
      writer->link_start = writer->out->len;
      break;
    case IMSG_RTF_CONTROL_LINK_END:
      finish_link (writer);
      break;
    default:
      break;
    }
  return has_room (writer);
}

char *
_imsg_rtf_rich_to_text (const guint8         *rtf,
                        gsize                 n_bytes,
                        gsize                 max_bytes,
                        const IMsgRtfObjects *objects,
                        gsize                *length,
                        GPtrArray            *problems)
{
  IMsgRtfReader reader;
  Writer writer = { 0 };

  writer.out = g_string_sized_new (n_bytes / 2 + 64);
  writer.max_bytes = max_bytes;
  writer.objects = objects;
  _imsg_rtf_reader_init (&reader, IMSG_RTF_READ_RICH, rtf, n_bytes, text_cb, control_cb,
                         &writer, problems);
  _imsg_rtf_reader_run (&reader);
  _imsg_rtf_reader_clear (&reader);
  append_unplaced (&writer);
  g_free (writer.link_target);
  return _imsg_rtf_rich_finish (writer.out, max_bytes, length, problems);
}
