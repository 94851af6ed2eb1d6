/* inspector-print.c - a message on paper
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-print.h"

#include "inspector-html-module.h"
#include "inspector-work.h"

#include <glib/gi18n.h>
#include <string.h>

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

/* --- what is printed, read in a thread --- */

typedef struct
{
  char *text;
  char *html;  /* NULL when the message is no HTML */
} Content;

static void
content_free (gpointer data)
{
  Content *content = data;

  g_free (content->text);
  g_free (content->html);
  g_free (content);
}

static void
append_line (GString    *text,
             gboolean    as_html,
             const char *label,
             const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL || *value == '\0')
    return;
  escaped = as_html ? g_markup_escape_text (value, -1) : g_strdup (value);
  if (as_html)
    g_string_append_printf (text, "<tr><td>%s</td><td>%s</td></tr>", label, escaped);
  else
    g_string_append_printf (text, "%s %s\n", label, escaped);
}

/* Who wrote to whom and when, above the body */
static GString *
create_head (IMsgMessage *message,
             gboolean     as_html)
{
  const char *subject = imsg_message_get_subject (message);
  g_autofree char *shown = as_html ? g_markup_escape_text (subject != NULL ? subject : "", -1)
                                   : g_strdup (subject != NULL ? subject : "");
  g_autoptr(GDateTime) time = imsg_message_get_sent_time (message);
  g_autoptr(GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;
  g_autofree char *date = local != NULL ? g_date_time_format (local, "%c %Z") : NULL;
  g_autofree char *to = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                         IMSG_PR_DISPLAY_TO);
  g_autofree char *cc = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message),
                                                         IMSG_PR_DISPLAY_CC);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, as_html ? "<h2>%s</h2><table>" : "%s\n\n", shown);
  append_line (text, as_html, _("From:"), imsg_message_get_sender_name (message));
  append_line (text, as_html, _("To:"), to);
  append_line (text, as_html, _("Cc:"), cc);
  append_line (text, as_html, _("Date:"), date);
  g_string_append (text, as_html ? "</table><hr>" : "\n");
  return text;
}

/* After the body element, whose style the head then shares; before all where there is none */
static char *
insert_head (const char *html,
             const char *head)
{
  const char *body = NULL;

  for (const char *at = html; body == NULL && *at != '\0'; at++)
    {
      if (*at == '<' && g_ascii_strncasecmp (at, "<body", 5) == 0)
        body = strchr (at, '>');
    }
  if (body == NULL)
    return g_strconcat (head, html, NULL);
  return g_strdup_printf ("%.*s%s%s", (int) (body + 1 - html), html, head, body + 1);
}

static gpointer
read_in_thread (IMsgMessage   *snapshot,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  IMsgBodyFormat native = IMSG_BODY_FORMAT_TEXT;
  Content *content = g_new0 (Content, 1);
  GString *head = NULL;
  g_autofree char *body = NULL;
  g_autoptr(GError) local = NULL;

  if (imsg_message_get_native_body_format (snapshot, &native) && native == IMSG_BODY_FORMAT_HTML)
    {
      g_autofree char *html = NULL;

      html = imsg_message_get_body (snapshot, IMSG_BODY_FORMAT_HTML, cancellable, NULL);
      if (html != NULL)
        {
          head = create_head (snapshot, TRUE);
          content->html = insert_head (html, head->str);
          g_string_free (head, TRUE);
        }
    }
  body = imsg_message_get_body (snapshot, IMSG_BODY_FORMAT_TEXT, cancellable, &local);
  if (body == NULL && !g_error_matches (local, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      content_free (content);
      return NULL;
    }
  head = create_head (snapshot, FALSE);
  g_string_append (head, body != NULL ? body : "");
  content->text = g_string_free (g_steal_pointer (&head), FALSE);
  return content;
}

/* --- printing --- */

typedef struct
{
  GtkWindow     *parent;
  InspectorView *view;
  IMsgMessage   *message;
  gboolean       load_remote;
  Content       *content;
} Print;

static void
print_free (Print *print)
{
  inspector_view_end_work (print->view);
  g_object_unref (print->parent);
  g_object_unref (print->view);
  g_object_unref (print->message);
  g_clear_pointer (&print->content, content_free);
  g_free (print);
}

static void
print_text (Print *print)
{
  g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr(GError) error = NULL;
  Job *job = g_new0 (Job, 1);

  job->text = g_steal_pointer (&print->content->text);
  g_object_set_data_full (G_OBJECT (operation), "inspector-job", job, job_free);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_cb), job);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), job);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, print->parent,
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    inspector_view_report (print->view, _("The message could not be printed."), error);
}

static void
module_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Print *print = user_data;
  const InspectorHtmlModule *module = inspector_html_module_load_finish (result, NULL);

  if (module != NULL)
    module->print (print->content->html, print->message, print->load_remote, print->parent);
  else
    print_text (print);
  print_free (print);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Print *print = user_data;
  g_autoptr(GError) error = NULL;

  print->content = inspector_work_run_finish (result, &error);
  if (print->content != NULL && print->content->html != NULL)
    {
      inspector_html_module_load_async (NULL, module_loaded_cb, print);
      return;
    }
  if (print->content != NULL)
    print_text (print);
  else if (!inspector_work_is_cancelled (error))
    inspector_view_report (print->view, _("The message could not be printed."), error);
  print_free (print);
}

void
inspector_print_message (GtkWindow     *parent,
                         InspectorView *view,
                         IMsgMessage   *message,
                         gboolean       load_remote)
{
  Print *print = NULL;

  g_return_if_fail (IMSG_IS_MESSAGE (message));

  print = g_new0 (Print, 1);
  print->parent = g_object_ref (parent);
  print->view = g_object_ref (view);
  print->message = g_object_ref (message);
  print->load_remote = load_remote;
  inspector_work_run_async (message, read_in_thread, NULL, NULL, content_free,
                            inspector_view_start_work (view), read_cb, print);
}
