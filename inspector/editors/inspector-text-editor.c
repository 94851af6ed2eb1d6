/* inspector-text-editor.c - text, of any length
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"
#include "inspector-shown-text.h"

#include "inspector-value.h"

#include <glib/gi18n.h>
#include <string.h>

/* A text view lays out all of it, so beyond this the text is cut and cannot be edited here */
#define MAX_SHOWN_BYTES (1024 * 1024)

#define INSPECTOR_TYPE_TEXT_EDITOR (inspector_text_editor_get_type ())
G_DECLARE_FINAL_TYPE (InspectorTextEditor, inspector_text_editor, INSPECTOR, TEXT_EDITOR,
                      InspectorEditor)

struct _InspectorTextEditor
{
  InspectorEditor parent_instance;

  GtkTextView    *text_view;
  GtkTextBuffer  *buffer;
  GtkLabel       *count;
  GtkWidget      *bytes_box;   /* for text that cannot be decoded */
  GtkLabel       *bytes_label;
  gboolean        keeps_lf;    /* lines of the text end in LF alone, or some do */
};

G_DEFINE_FINAL_TYPE (InspectorTextEditor, inspector_text_editor, INSPECTOR_TYPE_EDITOR)

static gboolean
has_bare_lf (const char *text)
{
  for (const char *at = strchr (text, '\n'); at != NULL; at = strchr (at + 1, '\n'))
    {
      if (at == text || at[-1] != '\r')
        return TRUE;
    }
  return FALSE;
}

/* Lines of MAPI's text end in CR LF, which the keyboard does not type */
static char *
dup_text (InspectorTextEditor *self)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;
  GString *ended = NULL;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  text = gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
  if (self->keeps_lf || !has_bare_lf (text))
    return g_steal_pointer (&text);
  ended = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '\n' && (at == text || at[-1] != '\r'))
        g_string_append_c (ended, '\r');
      g_string_append_c (ended, *at);
    }
  return g_string_free (ended, FALSE);
}

static void
show_count (InspectorTextEditor *self)
{
  InspectorEditor *editor = INSPECTOR_EDITOR (self);
  IMsgPropertyType type = inspector_editor_get_value_type (editor);
  guint code_page = inspector_editor_get_code_page (editor);
  g_autofree char *content = dup_text (self);
  guint n_chars = (guint) g_utf8_strlen (content, -1);
  gsize n_bytes = inspector_value_count_text_bytes (type, code_page, content);
  g_autofree char *chars = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *encoding = NULL;
  g_autofree char *text = NULL;

  chars = g_strdup_printf (ngettext ("%u character", "%u characters", n_chars), n_chars);
  bytes = g_strdup_printf (ngettext ("%zu byte", "%zu bytes",
                                     n_bytes), n_bytes);
  encoding = type == IMSG_PROPERTY_TYPE_UNICODE ? g_strdup ("UTF-16")
                                                : g_strdup_printf (_("code page %u"), code_page);
  text = g_strdup_printf ("%s · %s · %s", chars, bytes, encoding);
  gtk_label_set_text (self->count, text);
}

/* Whether the text says all that is stored; otherwise it is for looking at only */
static gboolean
show_exactness (InspectorTextEditor *self,
                gboolean             editable)
{
  InspectorEditor *editor = INSPECTOR_EDITOR (self);
  IMsgPropertyType type = inspector_editor_get_value_type (editor);
  GBytes *stored = inspector_editor_get_stored (editor);
  guint code_page = inspector_editor_get_code_page (editor);
  gboolean is_exact = stored == NULL || inspector_value_is_text_exact (type, code_page, stored);
  g_autofree char *text = NULL;

  if (!is_exact && type == IMSG_PROPERTY_TYPE_UNICODE)
    text = g_strdup (_("Not all of the bytes are UTF-16 text, so the text cannot be edited "
                       "without losing some of them."));
  else if (!is_exact)
    text = g_strdup_printf (_("Not all of the bytes are text in code page %u, so the text cannot "
                              "be edited without losing some of them."), code_page);
  gtk_label_set_text (self->bytes_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->bytes_box, !is_exact);
  gtk_widget_set_visible (gtk_widget_get_last_child (self->bytes_box), editable);
  return is_exact;
}

static void
changed_cb (InspectorTextEditor *self)
{
  show_count (self);
  inspector_editor_touch (INSPECTOR_EDITOR (self));
}

static void
set_text (InspectorTextEditor *self,
          const char          *text)
{
  gtk_text_view_set_wrap_mode (self->text_view, inspector_has_endless_word (text)
                                                  ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
}

static void
inspector_text_editor_show_value (InspectorEditor *editor,
                                  GVariant        *value,
                                  gboolean         editable)
{
  InspectorTextEditor *self = INSPECTOR_TEXT_EDITOR (editor);
  gsize length = 0;
  const char *text = value != NULL ? g_variant_get_string (value, &length) : "";
  g_autofree char *cut = NULL;

  if (length > MAX_SHOWN_BYTES)
    {
      const char *end = g_utf8_find_prev_char (text, text + MAX_SHOWN_BYTES);

      cut = g_strndup (text, end - text);
      text = cut;
      editable = FALSE;
    }
  self->keeps_lf = has_bare_lf (text);
  set_text (self, text);
  editable = show_exactness (self, editable) && editable;
  gtk_text_view_set_editable (self->text_view, editable);
  gtk_text_view_set_cursor_visible (self->text_view, editable);
  show_count (self);
  if (cut != NULL)
    gtk_label_set_text (self->count,
                        _("The text is too long to be edited here; this is its beginning."));
}

static GVariant *
inspector_text_editor_read_value (InspectorEditor  *editor,
                                  GError          **error)
{
  return g_variant_ref_sink (g_variant_new_take_string (dup_text (INSPECTOR_TEXT_EDITOR (editor))));
}

static char *
inspector_text_editor_dup_draft (InspectorEditor *editor)
{
  return dup_text (INSPECTOR_TEXT_EDITOR (editor));
}

static void
inspector_text_editor_show_draft (InspectorEditor *editor,
                                  const char      *draft)
{
  gtk_text_buffer_set_text (INSPECTOR_TEXT_EDITOR (editor)->buffer, draft, -1);
}

static gboolean
inspector_text_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (INSPECTOR_TEXT_EDITOR (widget)->text_view));
}

static void
inspector_text_editor_class_init (InspectorTextEditorClass *klass)
{
  InspectorEditorClass *editor_class = INSPECTOR_EDITOR_CLASS (klass);

  editor_class->show_value = inspector_text_editor_show_value;
  editor_class->read_value = inspector_text_editor_read_value;
  editor_class->dup_draft = inspector_text_editor_dup_draft;
  editor_class->show_draft = inspector_text_editor_show_draft;
  GTK_WIDGET_CLASS (klass)->grab_focus = inspector_text_editor_grab_focus;
}

static void
inspector_text_editor_init (InspectorTextEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *bytes_button = gtk_button_new_with_mnemonic (_("_Edit as Bytes"));

  self->text_view = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->buffer = gtk_text_view_get_buffer (self->text_view);
  gtk_text_view_set_wrap_mode (self->text_view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (self->text_view, FALSE);
  g_object_set (self->text_view, "left-margin", 8, "right-margin", 8, "top-margin", 8,
                "bottom-margin", 8, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Value"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->text_view));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 96);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 420);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->count, 0);
  gtk_label_set_wrap (self->count, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "caption");
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->count));
  self->bytes_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->bytes_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->bytes_label, 0);
  gtk_label_set_wrap (self->bytes_label, TRUE);
  gtk_widget_set_halign (bytes_button, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (bytes_button), "value.edit-bytes");
  gtk_box_append (GTK_BOX (self->bytes_box), GTK_WIDGET (self->bytes_label));
  gtk_box_append (GTK_BOX (self->bytes_box), bytes_button);
  gtk_box_append (GTK_BOX (box), self->bytes_box);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}
