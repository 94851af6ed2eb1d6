/* inspector-hex-pane.c - a hex view with what the bytes at its caret mean
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-hex-pane.h"

#include "inspector-value.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TEXT_BYTES 32

struct _InspectorHexPane
{
  GtkWidget         parent_instance;

  GtkSearchBar     *search_bar;
  GtkEntry         *search_entry;
  InspectorHexView *hex_view;
  GtkLabel         *strip;
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
    append_part (line, ngettext ("%" G_GUINT64_FORMAT " byte", "%" G_GUINT64_FORMAT " bytes",
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
  if (inspector_hex_view_is_inserting (view))
    append_part (line, "%s", _("inserting"));
  if (inspector_byte_buffer_get_problem (buffer) != NULL)
    append_part (line, _("cannot be read: %s"), inspector_byte_buffer_get_problem (buffer));
  gtk_label_set_text (self->strip, line->str);
}

/* "0x40" or a decimal number is an offset; text in quotes, or pairs of digits, is looked for */
static void
go_to_cb (GtkEntry         *entry,
          InspectorHexPane *self)
{
  InspectorByteBuffer *buffer = inspector_hex_view_get_buffer (self->hex_view);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  gsize length = strlen (text);
  g_autoptr(GBytes) pattern = NULL;
  guint64 offset = 0;
  guint64 from = inspector_hex_view_get_caret (self->hex_view) + 1;
  gboolean found = FALSE;

  if (buffer == NULL || length == 0)
    return;

  if ((g_str_has_prefix (text, "0x") &&
       g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT64, &offset, NULL)) ||
      (strchr (text, ' ') == NULL &&
       g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &offset, NULL)))
    {
      found = offset < inspector_byte_buffer_get_length (buffer);
      if (found)
        inspector_hex_view_select (self->hex_view, offset, 1);
    }
  else
    {
      gsize n_pattern = 0;
      const guint8 *bytes = NULL;

      if (text[0] == '"')
        pattern = g_bytes_new (text + 1, length - 1 - (length > 1 && text[length - 1] == '"'));
      else
        pattern = inspector_value_parse_hex (text, NULL);
      if (pattern == NULL)
        pattern = g_bytes_new (text, length);
      bytes = g_bytes_get_data (pattern, &n_pattern);
      found = inspector_byte_buffer_find (buffer, bytes, n_pattern, from, &offset) ||
              inspector_byte_buffer_find (buffer, bytes, n_pattern, 0, &offset);
      if (found)
        inspector_hex_view_select (self->hex_view, offset, n_pattern);
    }

  if (found)
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
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

  inspector_hex_view_set_buffer (self->hex_view, buffer);
  inspector_hex_view_set_editable (self->hex_view, editable);
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
