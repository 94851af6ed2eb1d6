/* inspector-hex-pane.c - a hex view with what the bytes at its caret mean
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-pane.h"

#include "inspector-value.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define MAX_TEXT_BYTES 32
/* How much is searched between two frames */
#define SEARCH_BYTES (1024 * 1024)

struct _InspectorHexPane
{
  GtkWidget         parent_instance;

  GtkSearchBar     *search_bar;
  GtkEntry         *search_entry;
  InspectorHexView *hex_view;
  GtkLabel         *strip;
  GtkLabel         *answer;          /* what became of a search */
  GtkToggleButton  *insert_button;

  GBytes           *patterns[2];     /* what is searched for: the bytes, and the text as UTF-16 */
  guint64           search_at;
  guint64           n_to_search;     /* bytes where a match may still begin */
  guint             search_source;
};

G_DEFINE_FINAL_TYPE (InspectorHexPane, inspector_hex_pane, GTK_TYPE_WIDGET)

/* UTF-16 when every other byte is zero, else the printable bytes */
static char *
read_text (const guint8 *bytes,
           gsize         n_bytes)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean wide = n_bytes >= 4 && bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0;

  for (gsize i = 0; i < n_bytes && g_ascii_isprint (bytes[i]); i += wide ? 2 : 1)
    {
      if (wide && (i + 1 >= n_bytes || bytes[i + 1] != 0))
        break;
      g_string_append_c (text, bytes[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_part (GString    *line,
             const char *format,
             ...) G_GNUC_PRINTF (2, 3);

static void
append_part (GString    *line,
             const char *format,
             ...)
{
  va_list arguments;

  if (line->len > 0)
    g_string_append (line, " · ");
  va_start (arguments, format);
  g_string_append_vprintf (line, format, arguments);
  va_end (arguments);
}

static void
caret_moved_cb (InspectorHexView *view,
                InspectorHexPane *self)
{
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (view);
  g_autoptr(GString) line = g_string_new (NULL);
  g_autofree char *text = NULL;
  guint64 caret = inspector_hex_view_get_caret (view);
  guint64 offset = 0;
  guint64 n_selected = 0;
  guint8 bytes[MAX_TEXT_BYTES] = { 0, };
  gsize n_bytes;
  guint64 number = 0;

  if (buffer == NULL || self->strip == NULL)
    return;

  n_bytes = inspector_byte_buffer_read (buffer, caret, bytes, sizeof bytes);
  inspector_hex_view_get_selection (view, &offset, &n_selected);
  append_part (line, "0x%" G_GINT64_MODIFIER "X", caret);
  if (n_selected > 1)
    append_part (line, ngettext ("%" PRIu64 " byte", "%" PRIu64 " bytes",
                                 n_selected), n_selected);
  memcpy (&number, bytes, sizeof number);
  number = GUINT64_FROM_LE (number);
  if (n_bytes >= 2)
    append_part (line, "i16 %d", (gint16) number);
  if (n_bytes >= 4)
    append_part (line, "u32 %u", (guint32) number);
  if (n_bytes >= 8)
    {
      g_autoptr(GDateTime) time = inspector_value_ticks_to_time (number);
      double real;

      append_part (line, "i64 %" G_GINT64_FORMAT, (gint64) number);
      memcpy (&real, &number, sizeof real);
      if (real > 1e-9 && real < 1e15)
        append_part (line, "f64 %g", real);
      /* Ticks of this and the last century are worth reading as a time */
      if (time != NULL && g_date_time_get_year (time) >= 1970 && g_date_time_get_year (time) < 2100)
        {
          g_autofree char *date = inspector_value_format_time (number, FALSE);

          append_part (line, "%s", date);
        }
    }
  text = read_text (bytes, n_bytes);
  if (*text != '\0')
    append_part (line, "“%s”", text);
  if (inspector_byte_buffer_get_problem (buffer) != NULL)
    append_part (line, _("cannot be read: %s"), inspector_byte_buffer_get_problem (buffer));
  gtk_label_set_text (self->strip, line->str);
  gtk_toggle_button_set_active (self->insert_button, inspector_hex_view_is_inserting (view));
}

/* --- search --- */

static void
stop_search (InspectorHexPane *self)
{
  g_clear_handle_id (&self->search_source, g_source_remove);
  g_clear_pointer (&self->patterns[0], g_bytes_unref);
  g_clear_pointer (&self->patterns[1], g_bytes_unref);
}

static void
show_answer (InspectorHexPane *self,
             const char       *text)
{
  gboolean failed = text != NULL && self->search_source == 0;

  gtk_label_set_text (self->answer, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->answer), text != NULL);
  if (failed)
    gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
}

/* The nearest match of either pattern that begins in the next part */
static gboolean
find_in_part (InspectorHexPane *self,
              guint64           n_part,
              guint64          *offset,
              gsize            *n_bytes)
{
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (self->hex_view);
  guint64 end = self->search_at + n_part;
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (self->patterns); i++)
    {
      gsize n_pattern = 0;
      const guint8 *bytes = NULL;

      if (self->patterns[i] == NULL)
        continue;
      bytes = g_bytes_get_data (self->patterns[i], &n_pattern);
      if (inspector_byte_buffer_find (buffer, bytes, n_pattern, self->search_at, end, offset))
        {
          found = TRUE;
          *n_bytes = n_pattern;
          end = *offset;
        }
    }
  return found;
}

/* From behind the caret to the end, then from the beginning on */
static gboolean
search_cb (gpointer user_data)
{
  InspectorHexPane *self = user_data;
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (self->hex_view);
  guint64 length = inspector_byte_buffer_get_length (buffer);
  guint64 n_part = MIN (MIN (SEARCH_BYTES, self->n_to_search), length - self->search_at);
  guint64 offset = 0;
  gsize n_bytes = 0;

  if (find_in_part (self, n_part, &offset, &n_bytes))
    {
      self->search_source = 0;
      stop_search (self);
      show_answer (self, NULL);
      inspector_hex_view_select (self->hex_view, offset, n_bytes);
      return G_SOURCE_REMOVE;
    }
  self->search_at += n_part;
  self->n_to_search -= n_part;
  if (self->search_at >= length)
    self->search_at = 0;
  if (self->n_to_search > 0)
    return G_SOURCE_CONTINUE;
  self->search_source = 0;
  stop_search (self);
  show_answer (self, _("Not found"));
  return G_SOURCE_REMOVE;
}

static void
start_search (InspectorHexPane *self,
              const char       *text)
{
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (self->hex_view);
  guint64 length = inspector_byte_buffer_get_length (buffer);
  gsize n_text = strlen (text);
  g_autofree char *plain = NULL;

  stop_search (self);
  if (text[0] != '"')
    self->patterns[0] = inspector_value_parse_hex (text, NULL);
  if (self->patterns[0] == NULL)
    {
      g_autofree gunichar2 *wide = NULL;
      glong n_units = 0;

      if (text[0] == '"')
        plain = g_strndup (text + 1, n_text - 1 - (n_text > 1 && text[n_text - 1] == '"'));
      else
        plain = g_strdup (text);
      self->patterns[0] = g_bytes_new (plain, strlen (plain));
      wide = g_utf8_to_utf16 (plain, -1, NULL, &n_units, NULL);
      for (glong i = 0; i < n_units; i++)
        wide[i] = GUINT16_TO_LE (wide[i]);
      self->patterns[1] = g_bytes_new (wide, n_units * sizeof (gunichar2));
    }
  self->n_to_search = length;
  self->search_at = MIN (inspector_hex_view_get_caret (self->hex_view) + 1, length);
  if (self->search_at == length)
    self->search_at = 0;
  if (length == 0 || g_bytes_get_size (self->patterns[0]) == 0)
    {
      show_answer (self, _("Not found"));
      return;
    }
  self->search_source = g_idle_add (search_cb, self);
  show_answer (self, length > SEARCH_BYTES ? _("Searching…") : NULL);
}

/* "0x40" or a decimal number is an offset; text, or pairs of digits, is looked for */
static void
go_to_cb (GtkEntry         *entry,
          InspectorHexPane *self)
{
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (self->hex_view);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  guint64 offset = 0;

  if (buffer == NULL || *text == '\0')
    return;

  if (!(g_str_has_prefix (text, "0x") &&
        g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT64, &offset, NULL)) &&
      !(strchr (text, ' ') == NULL &&
        g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &offset, NULL)))
    {
      start_search (self, text);
      return;
    }
  stop_search (self);
  if (offset >= inspector_byte_buffer_get_length (buffer))
    {
      show_answer (self, _("The offset is behind the end."));
      return;
    }
  show_answer (self, NULL);
  inspector_hex_view_select (self->hex_view, offset, 1);
}

static void
insert_toggled_cb (InspectorHexPane *self)
{
  if (gtk_toggle_button_get_active (self->insert_button) !=
      inspector_hex_view_is_inserting (self->hex_view))
    gtk_widget_activate_action (GTK_WIDGET (self->hex_view), "hex.toggle-insert", NULL);
}

static void
go_to (GtkWidget  *widget,
       const char *name,
       GVariant   *parameter)
{
  InspectorHexPane *self = INSPECTOR_HEX_PANE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
find_next (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  InspectorHexPane *self = INSPECTOR_HEX_PANE (widget);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    go_to (widget, name, parameter);
  else
    go_to_cb (self->search_entry, self);
}

static void
inspector_hex_pane_dispose (GObject *object)
{
  GtkWidget *child = NULL;

  stop_search (INSPECTOR_HEX_PANE (object));
  INSPECTOR_HEX_PANE (object)->strip = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (inspector_hex_pane_parent_class)->dispose (object);
}

static void
inspector_hex_pane_class_init (InspectorHexPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inspector_hex_pane_dispose;

  g_type_ensure (INSPECTOR_TYPE_HEX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/libimsg/Inspector/inspector-hex-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, search_bar);
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, hex_view);
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, strip);
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, answer);
  gtk_widget_class_bind_template_child (widget_class, InspectorHexPane, insert_button);
  gtk_widget_class_bind_template_callback (widget_class, insert_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, caret_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_to_cb);

  gtk_widget_class_install_action (widget_class, "hex.go-to", NULL, go_to);
  gtk_widget_class_install_action (widget_class, "hex.find-next", NULL, find_next);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK, "hex.go-to",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "hex.find-next",
                                       NULL);
}

static void
inspector_hex_pane_init (InspectorHexPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
}

GtkWidget *
inspector_hex_pane_new (void)
{
  return g_object_new (INSPECTOR_TYPE_HEX_PANE, NULL);
}

InspectorHexView *
inspector_hex_pane_get_view (InspectorHexPane *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HEX_PANE (self), NULL);

  return self->hex_view;
}

void
inspector_hex_pane_set_buffer (InspectorHexPane    *self,
                               InspectorByteBuffer *buffer,
                               gboolean             editable)
{
  g_return_if_fail (INSPECTOR_IS_HEX_PANE (self));

  stop_search (self);
  show_answer (self, NULL);
  inspector_hex_view_set_buffer (self->hex_view, buffer);
  inspector_hex_view_set_editable (self->hex_view, editable);
  gtk_widget_set_visible (GTK_WIDGET (self->insert_button), editable);
}

void
inspector_hex_pane_set_bytes (InspectorHexPane *self,
                              GBytes           *bytes,
                              gboolean          editable)
{
  g_autoptr(InspectorByteBuffer) buffer = inspector_byte_buffer_new (bytes);

  g_return_if_fail (INSPECTOR_IS_HEX_PANE (self));

  inspector_hex_pane_set_buffer (self, buffer, editable);
}
