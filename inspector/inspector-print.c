/* inspector-print.c - a message on paper
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-print.h"

#include <glib/gi18n.h>

#define FONT "Sans 10"

typedef struct
{
  char        *text;
  PangoLayout *layout;
  GArray      *breaks;    /* of int: the first line of each page */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->text);
  g_clear_object (&job->layout);
  g_clear_pointer (&job->breaks, g_array_unref);
  g_free (job);
}

static void
begin_cb (GtkPrintOperation *operation,
          GtkPrintContext   *context,
          Job               *job)
{
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string (FONT);
  double height = gtk_print_context_get_height (context);
  double used = 0;
  int line = 0;

  job->layout = gtk_print_context_create_pango_layout (context);
  job->breaks = g_array_new (FALSE, FALSE, sizeof (int));
  pango_layout_set_font_description (job->layout, font);
  pango_layout_set_width (job->layout, gtk_print_context_get_width (context) * PANGO_SCALE);
  pango_layout_set_wrap (job->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (job->layout, job->text, -1);

  g_array_append_val (job->breaks, line);
  for (GSList *item = pango_layout_get_lines_readonly (job->layout); item != NULL;
       item = item->next, line++)
    {
      PangoRectangle extents;
      double line_height;

      pango_layout_line_get_extents (item->data, NULL, &extents);
      line_height = (double) extents.height / PANGO_SCALE;
      if (used + line_height > height && used > 0)
        {
          g_array_append_val (job->breaks, line);
          used = 0;
        }
      used += line_height;
    }
  gtk_print_operation_set_n_pages (operation, job->breaks->len);
}

static void
draw_cb (GtkPrintOperation *operation,
         GtkPrintContext   *context,
         int                page,
         Job               *job)
{
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  int line = g_array_index (job->breaks, int, page);
  int end = (guint) page + 1 < job->breaks->len ? g_array_index (job->breaks, int, page + 1)
                                                : G_MAXINT;
  GSList *item = g_slist_nth (pango_layout_get_lines_readonly (job->layout), line);
  double y = 0;

  for (; item != NULL && line < end; item = item->next, line++)
    {
      PangoRectangle extents;

      pango_layout_line_get_extents (item->data, NULL, &extents);
      cairo_move_to (cairo, 0, y - (double) extents.y / PANGO_SCALE);
      pango_cairo_show_layout_line (cairo, item->data);
      y += (double) extents.height / PANGO_SCALE;
    }
}

static char *
dup_printed_text (IMsgMessage  *message,
                  GError      **error)
{
  g_autofree char *body = NULL;
  g_autoptr(GError) local = NULL;
  const char *subject = imsg_message_get_subject (message);
  const char *sender = imsg_message_get_sender_name (message);
  GDateTime *time = imsg_message_get_sent_time (message);
  g_autofree char *date = time != NULL ? g_date_time_format (time, "%c %Z") : NULL;
  g_autofree char *to = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                         IMSG_PR_DISPLAY_TO);

  body = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, NULL, &local);
  if (body == NULL && !g_error_matches (local, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_strdup_printf ("%s\n\n%s %s\n%s %s\n%s %s\n\n%s", subject != NULL ? subject : "",
                          _("From:"), sender != NULL ? sender : "", _("To:"), to != NULL ? to : "",
                          _("Date:"), date != NULL ? date : "", body != NULL ? body : "");
}

gboolean
inspector_print_message (GtkWindow    *parent,
                         IMsgMessage  *message,
                         GError      **error)
{
  g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new ();
  Job *job = NULL;
  char *text = NULL;

  g_return_val_if_fail (message != NULL, FALSE);

  text = dup_printed_text (message, error);
  if (text == NULL)
    return FALSE;
  job = g_new0 (Job, 1);
  job->text = text;
  g_object_set_data_full (G_OBJECT (operation), "inspector-job", job, job_free);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_cb), job);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), job);
  return gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent,
                                  error) != GTK_PRINT_OPERATION_RESULT_ERROR;
}
