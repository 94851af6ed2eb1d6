/* inspector-message-body.c - the body of a message, in each format it can be had in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-message-body.h"

#include "inspector-access.h"
#include "inspector-code-pages.h"
#include "inspector-edit.h"
#include "inspector-find-bar.h"
#include "inspector-html-module.h"
#include "inspector-html-scan.h"
#include "inspector-settings.h"
#include "inspector-shown-text.h"
#include "inspector-work.h"

#include <glib/gi18n.h>
#include <string.h>

/* A text view lays out all it is given, so a body is cut here for the screen */
#define MAX_SHOWN_BYTES (2 * 1024 * 1024)
#define SPINNER_DELAY_MS 200

struct _InspectorMessageBody
{
  GtkWidget        parent_instance;

  GtkToggleButton *html_toggle;
  GtkToggleButton *text_toggle;
  GtkToggleButton *rtf_toggle;
  GtkToggleButton *source_toggle;
  GtkToggleButton *headers_toggle;
  GtkLabel        *body_note;
  GtkMenuButton   *reading_button;
  GtkLabel        *trace_label;
  GtkDropDown     *code_page_row;
  GtkWidget       *edit_body_button;
  GtkInfoBar      *remote_strip;
  GtkLabel        *remote_label;
  GtkInfoBar      *decode_strip;
  GtkLabel        *decode_label;
  InspectorFindBar *find_bar;
  GtkStack        *bodies;
  GtkSpinner      *spinner;
  AdwStatusPage   *no_body_page;
  GtkTextView     *text_view;
  AdwBin          *html_bin;

  InspectorView   *view;
  IMsgMessage     *message;        /* what is shown; NULL for nothing */
  GCancellable    *cancellable;    /* of the reading under way */
  guint            start_source;   /* the body comes after the headers are painted */
  guint            spinner_source;
  char            *html;           /* waiting for the module that shows it */
  guint            is_choosing : 1;
  guint            has_failed_html : 1;
  guint            load_remote : 1;
};

G_DEFINE_FINAL_TYPE (InspectorMessageBody, inspector_message_body, GTK_TYPE_WIDGET)

/* What the worker is asked for, and what it finds */
typedef struct
{
  IMsgBodyFormat  format;       /* 0 = the transport headers */
  guint           code_page;    /* 0 = to be chosen */
  gboolean        is_page;      /* to be shown as a page, not as its source */
  IMsgBody       *body;
  char           *text;
  guint           n_remote;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->body, imsg_body_unref);
  g_free (reading->text);
  g_free (reading);
}

static gpointer
read_in_thread (IMsgMessage   *snapshot,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  const Reading *asked = data;
  Reading *found = g_memdup2 (asked, sizeof (Reading));

  if (asked->format == 0)
    {
      found->text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (snapshot),
                                                     IMSG_PR_TRANSPORT_MESSAGE_HEADERS);
      if (found->text == NULL)
        found->text = g_strdup ("");
      return found;
    }
  /* A page that somebody asked for counts where the format is stored */
  if (asked->code_page != 0)
    found->body = imsg_message_read_body_with_code_page (snapshot, asked->format, asked->code_page,
                                                         cancellable, NULL);
  if (found->body == NULL)
    found->body = imsg_message_read_body (snapshot, asked->format, cancellable, error);
  if (found->body == NULL)
    {
      reading_free (found);
      return NULL;
    }
  found->text = imsg_body_dup_text (found->body);
  if (asked->is_page)
    found->n_remote = inspector_html_count_remote (found->text);
  return found;
}

/* --- showing --- */

static void
stop_reading (InspectorMessageBody *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->spinner_source, g_source_remove);
  g_clear_pointer (&self->html, g_free);
  gtk_spinner_stop (self->spinner);
}

static void
set_text (InspectorMessageBody *self,
          const char           *text,
          gboolean              monospace)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  gsize length = strlen (text);

  if (length > MAX_SHOWN_BYTES)
    {
      length = g_utf8_find_prev_char (text, text + MAX_SHOWN_BYTES) - text;
      gtk_label_set_text (self->body_note, _("only the beginning is shown"));
    }
  gtk_text_view_set_wrap_mode (self->text_view, inspector_has_endless_word (text)
                                                  ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  gtk_text_buffer_set_text (buffer, text, length);
  gtk_text_view_set_monospace (self->text_view, monospace);
  gtk_stack_set_visible_child_name (self->bodies, "text");
}

static void
show_body_failure (InspectorMessageBody *self,
                   const GError         *error)
{
  gboolean is_absent = g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_title (self->no_body_page, is_absent ? _("No Body")
                                                           : _("The Body Cannot Be Read"));
  adw_status_page_set_description (self->no_body_page, is_absent ? NULL : escaped);
  gtk_stack_set_visible_child_name (self->bodies, "nothing");
}

static void
html_failed_cb (InspectorMessageBody *self)
{
  self->has_failed_html = TRUE;
  gtk_toggle_button_set_active (self->text_toggle, TRUE);
}

static void
found_cb (GtkWidget            *view,
          gboolean              found,
          InspectorMessageBody *self)
{
  inspector_find_bar_answer (self->find_bar, found);
}

static void
show_page (InspectorMessageBody *self)
{
  const InspectorHtmlModule *module = inspector_html_module_get ();
  GtkWidget *view = adw_bin_get_child (self->html_bin);

  if (view == NULL)
    {
      view = module->create ();
      adw_bin_set_child (self->html_bin, view);
      g_signal_connect_object (view, "failed", G_CALLBACK (html_failed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (view, "found", G_CALLBACK (found_cb), self, 0);
    }
  module->show (view, self->html, self->message, self->load_remote);
  gtk_stack_set_visible_child_name (self->bodies, "html");
  g_clear_pointer (&self->html, g_free);
}

static void
module_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(InspectorMessageBody) self = user_data;
  g_autoptr(GError) error = NULL;
  const InspectorHtmlModule *module = inspector_html_module_load_finish (result, &error);

  if (inspector_work_is_cancelled (error) || self->message == NULL)
    return;
  g_clear_handle_id (&self->spinner_source, g_source_remove);
  gtk_spinner_stop (self->spinner);
  if (module != NULL)
    show_page (self);
  else
    html_failed_cb (self);
}

static const char *
get_origin_note (InspectorMessageBody *self,
                 const IMsgBody       *body)
{
  if (self->has_failed_html && imsg_body_get_format (body) == IMSG_BODY_FORMAT_TEXT &&
      gtk_widget_get_visible (GTK_WIDGET (self->html_toggle)))
    return _("HTML cannot be shown here; this is the text.");
  switch (imsg_body_get_origin (body))
    {
    case IMSG_BODY_ORIGIN_RTF:
      return _("taken from the RTF");
    case IMSG_BODY_ORIGIN_HTML:
      return _("made from the HTML");
    case IMSG_BODY_ORIGIN_TEXT:
      return _("made from the text");
    case IMSG_BODY_ORIGIN_STORED:
    default:
      return "";
    }
}

/* How it was decoded, and the strip when something in it could not be */
static void
show_reading (InspectorMessageBody *self,
              const IMsgBody       *body)
{
  g_auto(GStrv) of_body = imsg_body_get_trace (body);
  g_auto(GStrv) of_message = imsg_message_get_code_page_trace (self->message);
  g_autofree char *first = g_strjoinv ("\n", of_message);
  g_autofree char *second = g_strjoinv ("\n", of_body);
  g_autofree char *text = g_strjoin (*first != '\0' && *second != '\0' ? "\n" : "", first, second,
                                     NULL);
  g_autoptr(GPtrArray) problems = imsg_body_list_problems (body);

  gtk_label_set_text (self->trace_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->reading_button), TRUE);
  if (problems != NULL && problems->len > 0)
    {
      g_autofree char *note = NULL;

      note = g_strdup_printf (_("The body was not read whole: %s"),
                              imsg_problem_get_text (g_ptr_array_index (problems, 0)));
      gtk_label_set_text (self->decode_label, note);
      gtk_info_bar_set_revealed (self->decode_strip, TRUE);
    }
}

static void
show_found (InspectorMessageBody *self,
            Reading              *found)
{
  g_autofree char *note = NULL;

  if (found->body != NULL)
    {
      gtk_label_set_text (self->body_note, get_origin_note (self, found->body));
      show_reading (self, found->body);
    }
  if (!found->is_page)
    {
      set_text (self, found->text, found->format != IMSG_BODY_FORMAT_TEXT);
      return;
    }

  self->html = g_steal_pointer (&found->text);
  if (!self->load_remote && found->n_remote > 0)
    {
      note = g_strdup_printf (ngettext ("%u remote image or style was not loaded.",
                                        "%u remote images or styles were not loaded.",
                                        found->n_remote), found->n_remote);
      gtk_label_set_text (self->remote_label, note);
      gtk_info_bar_set_revealed (self->remote_strip, TRUE);
    }
  if (inspector_html_module_get () != NULL)
    show_page (self);
  else
    inspector_html_module_load_async (self->cancellable, module_loaded_cb, g_object_ref (self));
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(InspectorMessageBody) self = user_data;
  g_autoptr(GError) error = NULL;
  Reading *found = inspector_work_run_finish (result, &error);

  if (inspector_work_is_cancelled (error) || self->message == NULL)
    {
      g_clear_pointer (&found, reading_free);
      return;
    }
  if (found == NULL || !found->is_page || inspector_html_module_get () != NULL)
    {
      g_clear_handle_id (&self->spinner_source, g_source_remove);
      gtk_spinner_stop (self->spinner);
    }
  if (found == NULL)
    show_body_failure (self, error);
  else
    show_found (self, found);
  inspector_view_note_reading (self->view);
  g_clear_pointer (&found, reading_free);
}

static gboolean
spinner_cb (gpointer user_data)
{
  InspectorMessageBody *self = user_data;

  self->spinner_source = 0;
  gtk_spinner_start (self->spinner);
  gtk_stack_set_visible_child_name (self->bodies, "loading");
  return G_SOURCE_REMOVE;
}

static guint
get_asked_code_page (IMsgMessage *message)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (message), "inspector-code-page"));
}

static void
show_body (InspectorMessageBody *self)
{
  Reading *asked = NULL;

  stop_reading (self);
  gtk_info_bar_set_revealed (self->remote_strip, FALSE);
  gtk_info_bar_set_revealed (self->decode_strip, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->reading_button), FALSE);
  gtk_label_set_text (self->body_note, "");
  if (self->message == NULL ||
      imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self->message)))
    return;

  asked = g_new0 (Reading, 1);
  asked->code_page = get_asked_code_page (self->message);
  if (gtk_toggle_button_get_active (self->headers_toggle))
    asked->format = 0;
  else if (gtk_toggle_button_get_active (self->source_toggle))
    asked->format = IMSG_BODY_FORMAT_HTML;
  else if (gtk_toggle_button_get_active (self->rtf_toggle))
    asked->format = IMSG_BODY_FORMAT_RTF;
  else if (gtk_toggle_button_get_active (self->html_toggle) && !self->has_failed_html)
    {
      asked->format = IMSG_BODY_FORMAT_HTML;
      asked->is_page = TRUE;
    }
  else
    asked->format = IMSG_BODY_FORMAT_TEXT;
  inspector_access_enable (self->edit_body_button, NULL);
  gtk_widget_set_visible (self->edit_body_button,
                          gtk_toggle_button_get_active (self->text_toggle) &&
                            inspector_view_can_edit (self->view));

  self->cancellable = g_cancellable_new ();
  self->spinner_source = g_timeout_add (SPINNER_DELAY_MS, spinner_cb, self);
  inspector_work_run_async (self->message, read_in_thread, asked, reading_free, reading_free,
                            self->cancellable, read_cb, g_object_ref (self));
}

/* Only what there is gets a toggle, and the best of it is chosen */
static void
choose_body (InspectorMessageBody *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self->message);
  GSettings *settings = inspector_settings_get ();
  gboolean prefers_text = settings != NULL && g_settings_get_uint (settings, "body-choice") == 1;
  IMsgBodyFormat native = IMSG_BODY_FORMAT_TEXT;
  gboolean has_body = imsg_message_get_native_body_format (self->message, &native);
  gboolean has_html = has_body && (native == IMSG_BODY_FORMAT_HTML ||
                                   imsg_property_object_has_value (object, IMSG_PR_HTML));
  gboolean has_rtf = imsg_property_object_has_value (object, IMSG_PR_RTF_COMPRESSED);

  self->is_choosing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->html_toggle), has_html);
  gtk_widget_set_visible (GTK_WIDGET (self->source_toggle), has_html);
  gtk_widget_set_visible (GTK_WIDGET (self->rtf_toggle), has_rtf);
  gtk_widget_set_visible (GTK_WIDGET (self->headers_toggle),
                          imsg_property_object_has_value (object,
                                                          IMSG_PR_TRANSPORT_MESSAGE_HEADERS));
  /* Nothing can be chosen of one */
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->text_toggle),
                                                   GTK_TYPE_SCROLLED_WINDOW),
                          has_html || has_rtf ||
                            gtk_widget_get_visible (GTK_WIDGET (self->headers_toggle)));
  gtk_toggle_button_set_active (has_html && !prefers_text ? self->html_toggle : self->text_toggle,
                                TRUE);
  gtk_drop_down_set_selected (self->code_page_row,
                              inspector_code_page_get_position (get_asked_code_page (self->message)));
  self->is_choosing = FALSE;
}

static gboolean
start_idle_cb (gpointer user_data)
{
  InspectorMessageBody *self = user_data;

  self->start_source = 0;
  if (self->message != NULL &&
      !imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self->message)))
    {
      choose_body (self);
      show_body (self);
    }
  return G_SOURCE_REMOVE;
}

/* --- what a person does --- */

static void
toggled_cb (GtkToggleButton      *toggle,
            InspectorMessageBody *self)
{
  if (gtk_toggle_button_get_active (toggle) && !self->is_choosing)
    {
      self->load_remote = FALSE;
      show_body (self);
    }
}

static void
remote_response_cb (GtkInfoBar           *strip,
                    int                   response,
                    InspectorMessageBody *self)
{
  gtk_info_bar_set_revealed (strip, FALSE);
  if (response != 1)
    return;
  self->load_remote = TRUE;
  show_body (self);
}

static void
decode_response_cb (GtkInfoBar           *strip,
                    int                   response,
                    InspectorMessageBody *self)
{
  if (response == 1)
    gtk_menu_button_popup (self->reading_button);
  else
    gtk_info_bar_set_revealed (strip, FALSE);
}

/* All 8-bit text of the message is read in it, the subject too; nothing is changed in the file */
static void
code_page_chosen_cb (InspectorMessageBody *self)
{
  guint code_page = inspector_code_page_get_at (gtk_drop_down_get_selected (self->code_page_row));
  g_autoptr(GError) error = NULL;

  if (self->is_choosing || self->message == NULL ||
      code_page == get_asked_code_page (self->message))
    return;
  if (!imsg_message_set_code_page (self->message, code_page, &error))
    {
      inspector_view_report (self->view, _("The message cannot be read in this code page."), error);
      return;
    }
  g_object_set_data (G_OBJECT (self->message), "inspector-code-page", GUINT_TO_POINTER (code_page));
  show_body (self);
}

/* In whatever of the body is shown */
static void
find_cb (InspectorFindBar     *bar,
         const char           *text,
         guint                 step,
         InspectorMessageBody *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->bodies);
  GtkWidget *page = adw_bin_get_child (self->html_bin);

  if (g_strcmp0 (shown, "html") == 0 && page != NULL)
    inspector_html_module_get ()->find (page, text, step);
  else if (*text != '\0')
    inspector_find_bar_answer (bar, g_strcmp0 (shown, "text") == 0 &&
                                    inspector_find_bar_find_in_text (self->text_view, text, step));
}

/* What is shown as the text is not always stored as such */
static gboolean
store_text (InspectorMessageBody  *self,
            GError               **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self->message);
  g_autoptr(IMsgBody) body = imsg_message_read_body (self->message, IMSG_BODY_FORMAT_TEXT, NULL,
                                                     NULL);
  g_autofree char *text = body != NULL ? imsg_body_dup_text (body) : g_strdup ("");
  guint32 tag = imsg_property_tag (imsg_property_object_is_unicode (object)
                                     ? IMSG_PROPERTY_TYPE_UNICODE : IMSG_PROPERTY_TYPE_STRING8,
                                   imsg_property_tag_get_id (IMSG_PR_BODY));

  return inspector_edit_set_value (inspector_view_get_history (self->view), object, tag,
                                   g_variant_new_string (text), error);
}

static void
edit_body_cb (InspectorMessageBody *self)
{
  IMsgBodyFormat native = IMSG_BODY_FORMAT_TEXT;
  g_autoptr(GError) error = NULL;

  if (self->message == NULL)
    return;
  if (imsg_message_get_native_body_format (self->message, &native) &&
      native != IMSG_BODY_FORMAT_TEXT)
    inspector_view_toast (self->view, native == IMSG_BODY_FORMAT_HTML
                                        ? _("Other programs show the HTML, not this text.")
                                        : _("Other programs show the RTF, not this text."));
  if (!imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (self->message), IMSG_PR_BODY) &&
      !store_text (self, &error))
    {
      inspector_view_report (self->view, _("The text could not be changed."), error);
      return;
    }
  inspector_view_reveal (self->view, IMSG_PROPERTY_OBJECT (self->message), IMSG_PR_BODY,
                         "properties");
  gtk_widget_activate_action (GTK_WIDGET (self), "prop.edit", NULL);
}

/* --- class --- */

static void
inspector_message_body_dispose (GObject *object)
{
  InspectorMessageBody *self = INSPECTOR_MESSAGE_BODY (object);
  GtkWidget *child = NULL;

  g_clear_handle_id (&self->start_source, g_source_remove);
  if (self->spinner != NULL)
    stop_reading (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  self->spinner = NULL;
  g_clear_object (&self->message);
  g_clear_object (&self->view);

  G_OBJECT_CLASS (inspector_message_body_parent_class)->dispose (object);
}

static void
inspector_message_body_class_init (InspectorMessageBodyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_message_body_dispose;

  g_type_ensure (INSPECTOR_TYPE_FIND_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/libimsg/Inspector/inspector-message-body.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, InspectorMessageBody, name)
  BIND (html_toggle);
  BIND (text_toggle);
  BIND (rtf_toggle);
  BIND (source_toggle);
  BIND (headers_toggle);
  BIND (body_note);
  BIND (reading_button);
  BIND (trace_label);
  BIND (code_page_row);
  BIND (edit_body_button);
  BIND (remote_strip);
  BIND (remote_label);
  BIND (decode_strip);
  BIND (decode_label);
  BIND (find_bar);
  BIND (bodies);
  BIND (spinner);
  BIND (no_body_page);
  BIND (text_view);
  BIND (html_bin);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, remote_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, decode_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_page_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_body_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_cb);
}

static void
inspector_message_body_init (InspectorMessageBody *self)
{
  g_autoptr(GListModel) code_pages = inspector_code_page_list ();

  self->is_choosing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_model (self->code_page_row, code_pages);
  inspector_access_name_drop_down (self->code_page_row, _("Code page"));
  self->is_choosing = FALSE;
}

void
inspector_message_body_set_view (InspectorMessageBody *self,
                                 InspectorView        *view)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_BODY (self));

  g_set_object (&self->view, view);
}

void
inspector_message_body_set_message (InspectorMessageBody *self,
                                    IMsgMessage          *message)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_BODY (self));

  stop_reading (self);
  self->load_remote = FALSE;
  if (adw_bin_get_child (self->html_bin) != NULL)
    inspector_html_module_get ()->clear (adw_bin_get_child (self->html_bin));
  gtk_info_bar_set_revealed (self->remote_strip, FALSE);
  gtk_info_bar_set_revealed (self->decode_strip, FALSE);
  inspector_find_bar_stop (self->find_bar);
  adw_status_page_set_title (self->no_body_page, "");
  adw_status_page_set_description (self->no_body_page, NULL);
  gtk_stack_set_visible_child_name (self->bodies, "nothing");
  g_set_object (&self->message, message);
  inspector_message_body_reload (self);
}

void
inspector_message_body_reload (InspectorMessageBody *self)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_BODY (self));

  if (self->start_source == 0)
    self->start_source = g_idle_add (start_idle_cb, self);
}

void
inspector_message_body_lock (InspectorMessageBody *self)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_BODY (self));

  inspector_access_enable (self->edit_body_button, inspector_view_get_lock_reason (self->view));
}

void
inspector_message_body_start_search (InspectorMessageBody *self)
{
  g_return_if_fail (INSPECTOR_IS_MESSAGE_BODY (self));

  inspector_find_bar_start (self->find_bar);
}

gboolean
inspector_message_body_has_remote (InspectorMessageBody *self)
{
  g_return_val_if_fail (INSPECTOR_IS_MESSAGE_BODY (self), FALSE);

  return self->load_remote;
}
