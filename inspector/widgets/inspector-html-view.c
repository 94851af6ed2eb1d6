/* inspector-html-view.c - an HTML body, with no script and no network
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-html-view.h"

#include "inspector-html-module.h"
#include "inspector-shown-text.h"

#include <glib/gi18n.h>
#include <gmodule.h>
#include <webkit/webkit.h>

/* Nothing is fetched but inline images of the message itself. A proxy that leads nowhere backs the
 * policy up, for hints such as dns-prefetch that no policy covers. */
#define LOCAL_POLICY "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:; " \
                     "font-src data:"
#define REMOTE_POLICY "default-src 'none'; style-src 'unsafe-inline'; " \
                      "img-src data: cid: http: https:; font-src data:"
#define NOWHERE "http://127.0.0.1:9"
/* How many matches are marked */
#define MAX_MATCHES 1000

struct _InspectorHtmlView
{
  AdwBin         parent_instance;

  WebKitWebView *web_view;
  IMsgMessage   *message;
  GWeakRef       print_parent;  /* the window that asks how to print */
  guint          is_loading_ours : 1;
};

enum
{
  SIGNAL_FAILED,
  SIGNAL_FOUND,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorHtmlView, inspector_html_view, ADW_TYPE_BIN)

static IMsgAttachment *
find_by_content_id (IMsgMessage *message,
                    const char  *content_id)
{
  GListModel *attachments = imsg_message_get_attachments (message);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *id = imsg_attachment_get_content_id (attachment);
      gsize length = id != NULL ? strlen (id) : 0;

      if (id == NULL)
        continue;
      /* Some programs store the brackets of the header too */
      if (g_str_equal (id, content_id) ||
          (length > 2 && id[0] == '<' && strncmp (id + 1, content_id, length - 2) == 0 &&
           content_id[length - 2] == '\0'))
        return g_steal_pointer (&attachment);
    }
  return NULL;
}

static void
cid_requested_cb (WebKitURISchemeRequest *request,
                  gpointer                user_data)
{
  GWeakRef *reference = user_data;
  g_autoptr(InspectorHtmlView) self = g_weak_ref_get (reference);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *content_id = NULL;
  const char *mime_type = NULL;

  content_id = g_uri_unescape_string (webkit_uri_scheme_request_get_path (request), NULL);
  if (self != NULL && self->message != NULL && content_id != NULL)
    attachment = find_by_content_id (self->message, content_id);
  if (attachment != NULL)
    {
      mime_type = imsg_attachment_get_mime_type (attachment);
      stream = imsg_attachment_open_stream (attachment, NULL, &error);
    }
  if (stream == NULL)
    {
      if (error == NULL)
        g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such part");
      webkit_uri_scheme_request_finish_error (request, error);
      return;
    }
  if (mime_type == NULL || !g_str_has_prefix (mime_type, "image/"))
    mime_type = "image/png";
  webkit_uri_scheme_request_finish (request, stream, imsg_attachment_get_size (attachment),
                                    mime_type);
}

static void
link_answered_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  gpointer          user_data)
{
  const char *uri = g_object_get_data (G_OBJECT (dialog), "inspector-uri");

  if (g_str_equal (response, "open"))
    gtk_show_uri (gtk_window_get_transient_for (GTK_WINDOW (dialog)), uri, GDK_CURRENT_TIME);
}

/* The end of a host says whose it is, and names are no longer than 253 characters. */
#define HOST_SHOWN 100

/* (transfer full): as markup; first the host, which may stand far back in a link */
static char *
dup_place (const char *uri)
{
  g_autofree char *shown = inspector_dup_shown_text (uri);
  g_autofree char *host = NULL;

  if (g_uri_split (uri, G_URI_FLAGS_PARSE_RELAXED, NULL, NULL, &host, NULL, NULL, NULL, NULL,
                   NULL) && host != NULL && *host != '\0')
    {
      glong n_characters = g_utf8_strlen (host, -1);
      glong n_hidden = MAX (n_characters - HOST_SHOWN, 0);

      return g_markup_printf_escaped ("<b>%s%s</b>\n%s", n_hidden > 0 ? "…" : "",
                                      g_utf8_offset_to_pointer (host, n_hidden), shown);
    }
  return g_markup_escape_text (shown, -1);
}

/* Shows where a link really leads before anything goes there */
static void
ask_about_link (InspectorHtmlView *self,
                const char        *uri)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *place = dup_place (uri);
  GtkWidget *dialog = NULL;

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                   _("Open This Link?"), place);
  adw_message_dialog_set_body_use_markup (ADW_MESSAGE_DIALOG (dialog), TRUE);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "open",
                                    _("_Open in Browser"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "inspector-uri", g_strdup (uri), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (link_answered_cb), dialog, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
decide_policy_cb (WebKitWebView            *web_view,
                  WebKitPolicyDecision     *decision,
                  WebKitPolicyDecisionType  type,
                  InspectorHtmlView        *self)
{
  WebKitNavigationAction *action = NULL;
  const char *uri = NULL;

  if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
    {
      webkit_policy_decision_use (decision);
      return TRUE;
    }
  action = webkit_navigation_policy_decision_get_navigation_action (
    WEBKIT_NAVIGATION_POLICY_DECISION (decision));
  uri = webkit_uri_request_get_uri (webkit_navigation_action_get_request (action));
  /* A place in the page itself */
  if (g_str_has_prefix (uri, "about:blank#"))
    {
      webkit_policy_decision_use (decision);
      return TRUE;
    }
  if (webkit_navigation_action_get_navigation_type (action) ==
        WEBKIT_NAVIGATION_TYPE_LINK_CLICKED)
    {
      webkit_policy_decision_ignore (decision);
      ask_about_link (self, uri);
      return TRUE;
    }
  /* The one load that we start ourselves */
  if (self->is_loading_ours && g_str_equal (uri, "about:blank"))
    {
      self->is_loading_ours = FALSE;
      webkit_policy_decision_use (decision);
    }
  else
    webkit_policy_decision_ignore (decision);
  return TRUE;
}

static gboolean
context_menu_cb (WebKitWebView       *web_view,
                 WebKitContextMenu   *menu,
                 WebKitHitTestResult *hit,
                 InspectorHtmlView   *self)
{
  /* Only copying stays; everything else leads out */
  for (guint i = webkit_context_menu_get_n_items (menu); i > 0; i--)
    {
      WebKitContextMenuItem *item = webkit_context_menu_get_item_at_position (menu, i - 1);
      WebKitContextMenuAction action = webkit_context_menu_item_get_stock_action (item);

      if (action != WEBKIT_CONTEXT_MENU_ACTION_COPY &&
          action != WEBKIT_CONTEXT_MENU_ACTION_SELECT_ALL &&
          action != WEBKIT_CONTEXT_MENU_ACTION_COPY_LINK_TO_CLIPBOARD)
        webkit_context_menu_remove (menu, item);
    }
  return webkit_context_menu_get_n_items (menu) == 0;
}

static void
terminated_cb (InspectorHtmlView *self)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
found_cb (InspectorHtmlView *self)
{
  g_signal_emit (self, signals[SIGNAL_FOUND], 0, TRUE);
}

static void
not_found_cb (InspectorHtmlView *self)
{
  g_signal_emit (self, signals[SIGNAL_FOUND], 0, FALSE);
}

static WebKitWebView *
create_web_view (InspectorHtmlView *self,
                 gboolean           load_remote)
{
  g_autoptr(WebKitWebContext) context = webkit_web_context_new ();
  g_autoptr(WebKitNetworkSession) session = webkit_network_session_new_ephemeral ();
  g_autoptr(WebKitSettings) settings = NULL;
  GWeakRef *reference = g_new0 (GWeakRef, 1);
  WebKitWebView *web_view = NULL;
  WebKitFindController *controller = NULL;

  g_weak_ref_init (reference, self);
  webkit_web_context_register_uri_scheme (context, "cid", cid_requested_cb, reference,
                                          weak_ref_free);
  webkit_web_context_set_cache_model (context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  if (!load_remote)
    {
      WebKitNetworkProxySettings *proxy = webkit_network_proxy_settings_new (NOWHERE, NULL);

      webkit_network_session_set_proxy_settings (session, WEBKIT_NETWORK_PROXY_MODE_CUSTOM, proxy);
      webkit_network_proxy_settings_free (proxy);
    }
  settings = webkit_settings_new_with_settings ("enable-javascript", FALSE,
                                                "enable-javascript-markup", FALSE,
                                                "enable-html5-database", FALSE,
                                                "enable-html5-local-storage", FALSE,
                                                "enable-webgl", FALSE,
                                                "enable-media", FALSE,
                                                "enable-page-cache", FALSE,
                                                "enable-back-forward-navigation-gestures", FALSE,
                                                "hardware-acceleration-policy",
                                                WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER,
                                                NULL);
  web_view = g_object_new (WEBKIT_TYPE_WEB_VIEW,
                           "web-context", context,
                           "network-session", session,
                           "settings", settings,
                           "default-content-security-policy",
                           load_remote ? REMOTE_POLICY : LOCAL_POLICY,
                           NULL);
  g_signal_connect_object (web_view, "decide-policy", G_CALLBACK (decide_policy_cb), self, 0);
  g_signal_connect_object (web_view, "context-menu", G_CALLBACK (context_menu_cb), self, 0);
  controller = webkit_web_view_get_find_controller (web_view);
  g_signal_connect_object (controller, "found-text", G_CALLBACK (found_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "failed-to-find-text", G_CALLBACK (not_found_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (web_view, "web-process-terminated", G_CALLBACK (terminated_cb), self,
                           G_CONNECT_SWAPPED);
  return web_view;
}

static void
load (InspectorHtmlView *self,
      const char        *html,
      IMsgMessage       *message,
      gboolean           load_remote)
{
  /* WebKit takes no page of no bytes */
  const char *page = *html != '\0' ? html : "\n";
  g_autoptr(GBytes) bytes = g_bytes_new (page, strlen (page));

  g_set_object (&self->message, message);
  /* The policy and the network of a view are fixed when it is made */
  self->web_view = create_web_view (self, load_remote);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->web_view));
  self->is_loading_ours = TRUE;
  webkit_web_view_load_bytes (self->web_view, bytes, "text/html", "utf-8", NULL);
}

static void
inspector_html_view_dispose (GObject *object)
{
  InspectorHtmlView *self = INSPECTOR_HTML_VIEW (object);

  g_clear_object (&self->message);
  self->web_view = NULL;

  G_OBJECT_CLASS (inspector_html_view_parent_class)->dispose (object);
}

static void
inspector_html_view_finalize (GObject *object)
{
  g_weak_ref_clear (&INSPECTOR_HTML_VIEW (object)->print_parent);

  G_OBJECT_CLASS (inspector_html_view_parent_class)->finalize (object);
}

static void
inspector_html_view_class_init (InspectorHtmlViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inspector_html_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = inspector_html_view_finalize;

  /* An answer to what was looked for */
  signals[SIGNAL_FOUND] =
    g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  /* The page could not be shown: something else must show the body */
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
inspector_html_view_init (InspectorHtmlView *self)
{
  g_weak_ref_init (&self->print_parent, NULL);
}

/* --- what the module gives --- */

static GtkWidget *
create (void)
{
  return g_object_new (INSPECTOR_TYPE_HTML_VIEW, NULL);
}

static void
show (GtkWidget   *view,
      const char  *html,
      IMsgMessage *message,
      gboolean     load_remote)
{
  load (INSPECTOR_HTML_VIEW (view), html, message, load_remote);
}

static void
clear (GtkWidget *view)
{
  InspectorHtmlView *self = INSPECTOR_HTML_VIEW (view);

  adw_bin_set_child (ADW_BIN (self), NULL);
  self->web_view = NULL;
  g_clear_object (&self->message);
}

static void
find (GtkWidget         *view,
      const char        *text,
      InspectorFindStep  step)
{
  InspectorHtmlView *self = INSPECTOR_HTML_VIEW (view);
  WebKitFindController *controller = NULL;

  if (self->web_view == NULL)
    return;
  controller = webkit_web_view_get_find_controller (self->web_view);
  if (*text == '\0')
    webkit_find_controller_search_finish (controller);
  else if (step == INSPECTOR_FIND_NEXT &&
           g_strcmp0 (webkit_find_controller_get_search_text (controller), text) == 0)
    webkit_find_controller_search_next (controller);
  else if (step == INSPECTOR_FIND_PREVIOUS &&
           g_strcmp0 (webkit_find_controller_get_search_text (controller), text) == 0)
    webkit_find_controller_search_previous (controller);
  else
    webkit_find_controller_search (controller, text,
                                   WEBKIT_FIND_OPTIONS_CASE_INSENSITIVE |
                                     WEBKIT_FIND_OPTIONS_WRAP_AROUND, MAX_MATCHES);
}

static void
printed_cb (InspectorHtmlView *self)
{
  g_object_unref (self);
}

/* WebKit destroys its dialog once it has the answer, and would do so to one that has gone by itself */
static gboolean
print_dialog_close_cb (GtkDialog *dialog)
{
  gtk_dialog_response (dialog, GTK_RESPONSE_CANCEL);
  return TRUE;
}

/* Its dialog is there once the main loop that it runs in has begun */
static gboolean
keep_print_dialog_cb (gpointer user_data)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (GTK_IS_DIALOG (window) && gtk_window_get_transient_for (window) == user_data)
        g_signal_connect (window, "close-request", G_CALLBACK (print_dialog_close_cb), NULL);
    }
  return G_SOURCE_REMOVE;
}

static void
print_loaded_cb (WebKitWebView     *web_view,
                 WebKitLoadEvent    event,
                 InspectorHtmlView *self)
{
  g_autoptr(WebKitPrintOperation) operation = NULL;
  g_autoptr(GtkWindow) parent = NULL;

  if (event != WEBKIT_LOAD_FINISHED)
    return;
  g_signal_handlers_disconnect_by_func (web_view, print_loaded_cb, self);
  parent = g_weak_ref_get (&self->print_parent);
  operation = webkit_print_operation_new (web_view);
  g_signal_connect_object (operation, "finished", G_CALLBACK (printed_cb), self, G_CONNECT_SWAPPED);
  if (parent != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, keep_print_dialog_cb, g_object_ref (parent),
                     g_object_unref);
  if (webkit_print_operation_run_dialog (operation, parent) !=
        WEBKIT_PRINT_OPERATION_RESPONSE_PRINT)
    g_object_unref (self);
  else
    g_object_set_data_full (G_OBJECT (self), "inspector-operation", g_steal_pointer (&operation),
                            g_object_unref);
}

static void
print (const char  *html,
       IMsgMessage *message,
       gboolean     load_remote,
       GtkWindow   *parent)
{
  /* Lives until it is printed; it is in no window */
  InspectorHtmlView *self = g_object_ref_sink (g_object_new (INSPECTOR_TYPE_HTML_VIEW, NULL));

  g_weak_ref_set (&self->print_parent, parent);
  load (self, html, message, load_remote);
  g_signal_connect_object (self->web_view, "load-changed", G_CALLBACK (print_loaded_cb), self, 0);
}

G_MODULE_EXPORT const InspectorHtmlModule inspector_html_module = { create, show, clear, find,
                                                                   print };
