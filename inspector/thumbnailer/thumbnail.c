/* thumbnail.c - a message as a small picture
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "thumbnail.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

/* Characters of a text that are laid out: more would not be seen, and a subject may be very long */
#define THUMBNAIL_TEXT_MAX 300

/* What is drawn with, in pixels of the picture */
typedef struct
{
  cairo_t *cairo;
  double   left;
  double   width;
  double   top; /* of the next text */
  double   bottom;
  double   unit; /* a sixteenth of the height */
} Page;

typedef struct
{
  double red;
  double green;
  double blue;
} Colour;

static const Colour paper = { 1.0, 1.0, 1.0 };
static const Colour edge = { 0.75, 0.75, 0.74 };
static const Colour accent = { 0.21, 0.52, 0.89 };
static const Colour strong = { 0.12, 0.12, 0.13 };
static const Colour weak = { 0.37, 0.36, 0.39 };

static void
set_colour (cairo_t      *cairo,
            const Colour *colour)
{
  cairo_set_source_rgb (cairo, colour->red, colour->green, colour->blue);
}

/* One run of white space is one space: lines are broken here, not by the sender. */
static char *
fold_text (const char *text)
{
  g_autoptr(GString) folded = g_string_new (NULL);
  gboolean after_space = TRUE;
  glong n_characters = 0;

  for (const char *next = text; *next != '\0' && n_characters < THUMBNAIL_TEXT_MAX;
       next = g_utf8_next_char (next))
    {
      gunichar character = g_utf8_get_char (next);
      gboolean is_space = g_unichar_isspace (character) || g_unichar_iscntrl (character);

      if (is_space && after_space)
        continue;
      g_string_append_unichar (folded, is_space ? ' ' : character);
      after_space = is_space;
      n_characters++;
    }
  return g_string_free (g_steal_pointer (&folded), FALSE);
}

static void
draw_text (Page         *page,
           const char   *text,
           double        height,
           PangoWeight   weight,
           int           n_lines,
           const Colour *colour)
{
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout (page->cairo);
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string ("Sans");
  g_autofree char *folded = fold_text (text);
  int layout_height = 0;

  pango_font_description_set_absolute_size (font, height * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, page->width * PANGO_SCALE);
  pango_layout_set_height (layout, -n_lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_text (layout, folded, -1);
  pango_layout_get_pixel_size (layout, NULL, &layout_height);

  if (page->top + layout_height > page->bottom)
    return;
  set_colour (page->cairo, colour);
  cairo_move_to (page->cairo, page->left, page->top);
  pango_cairo_show_layout (page->cairo, layout);
  page->top += layout_height + page->unit / 3;
}

static void
draw_paper (cairo_t *cairo,
            double   width,
            double   height)
{
  double line = MAX (1.0, height / 128);

  cairo_rectangle (cairo, line / 2, line / 2, width - line, height - line);
  set_colour (cairo, &paper);
  cairo_fill_preserve (cairo);
  set_colour (cairo, &edge);
  cairo_set_line_width (cairo, line);
  cairo_stroke (cairo);
  cairo_rectangle (cairo, 0, 0, width, height / 16);
  set_colour (cairo, &accent);
  cairo_fill (cairo);
}

static char *
get_sender (IMsgMessage *message)
{
  static const IMsgAddressRole roles[] = {
    IMSG_ADDRESS_ROLE_SENT_REPRESENTING,
    IMSG_ADDRESS_ROLE_SENDER,
  };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr(IMsgAddress) address = imsg_message_resolve_address (message, roles[i]);
      const char *name = address != NULL ? imsg_address_get_name (address) : NULL;

      if (name == NULL || *name == '\0')
        name = address != NULL ? imsg_address_get_smtp (address) : NULL;
      if (name != NULL && *name != '\0')
        return g_strdup (name);
    }
  return NULL;
}

static char *
get_date (IMsgMessage *message)
{
  g_autoptr(GDateTime) time = imsg_message_get_sent_time (message);
  g_autoptr(GDateTime) local = NULL;

  if (time == NULL)
    time = imsg_message_get_received_time (message);
  local = time != NULL ? g_date_time_to_local (time) : NULL;
  return local != NULL ? g_date_time_format (local, "%x") : NULL;
}

/* thumbnail_draw:
 * @message: a message
 * @size: pixels of the longer side
 *
 * Draws sender, subject and date, as on a sheet of paper.
 *
 * Returns: (transfer full): the picture, four wide and three high
 */
cairo_surface_t *
thumbnail_draw (IMsgMessage *message,
                int          size)
{
  int height = MAX (1, size * 3 / 4);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, height);
  cairo_t *cairo = cairo_create (surface);
  double unit = height / 16.0;
  Page page = {
    .cairo = cairo,
    .left = unit,
    .width = size - 2 * unit,
    .top = 2.2 * unit,
    .bottom = height - unit / 2,
    .unit = unit,
  };
  g_autofree char *sender = get_sender (message);
  g_autofree char *date = get_date (message);
  const char *subject = imsg_message_get_subject (message);

  draw_paper (cairo, size, height);
  if (sender != NULL)
    draw_text (&page, sender, 2 * unit, PANGO_WEIGHT_NORMAL, 1, &weak);
  draw_text (&page, subject != NULL && *subject != '\0' ? subject : _("No Subject"), 2.3 * unit,
             PANGO_WEIGHT_BOLD, 3, &strong);
  if (date != NULL)
    draw_text (&page, date, 1.6 * unit, PANGO_WEIGHT_NORMAL, 1, &weak);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  return surface;
}
