/* main.c - draws a message for file managers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "thumbnail.h"

static gboolean
check_size (int      size,
            GError **error)
{
  if (size >= THUMBNAIL_SIZE_MIN && size <= THUMBNAIL_SIZE_MAX)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("A picture of %d pixels cannot be made; from %d to %d can"), size,
               THUMBNAIL_SIZE_MIN, THUMBNAIL_SIZE_MAX);
  return FALSE;
}

static gboolean
write_picture (cairo_surface_t *surface,
               const char      *file_name,
               GError         **error)
{
  cairo_status_t status = cairo_surface_status (surface);

  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png (surface, file_name);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("“%s” cannot be written: %s"), file_name,
               cairo_status_to_string (status));
  return FALSE;
}

static gboolean
make_thumbnail (const char *input,
                const char *output,
                int         size,
                GError    **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (input);
  g_autoptr(IMsgMessage) message = NULL;
  cairo_surface_t *surface = NULL;
  gboolean is_written = FALSE;

  if (!check_size (size, error))
    return FALSE;
  message = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, error);
  if (message == NULL)
    return FALSE;
  surface = thumbnail_draw (message, size);
  is_written = write_picture (surface, output, error);
  cairo_surface_destroy (surface);
  return is_written;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;
  int size = THUMBNAIL_SIZE_DEFAULT;
  const char *locale_dir = NULL;
  const GOptionEntry entries[] = {
    { "size", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &size,
      N_("Pixels of the longer side"), N_("PIXELS") },
    { NULL }
  };

  setlocale (LC_ALL, "");
  /* The build folder has its own, for programs that run from there */
  locale_dir = g_getenv ("IMSG_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  context = g_option_context_new (_("MESSAGE PICTURE"));
  g_option_context_set_summary (context, _("Draws the sender and the subject of a message as PNG."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("imsg-thumbnailer: %s\n", error->message);
      return 2;
    }
  if (argc != 3)
    {
      g_printerr ("imsg-thumbnailer: %s\n", _("It takes a message and the name of a picture"));
      return 2;
    }
  if (!make_thumbnail (argv[1], argv[2], size, &error))
    {
      g_printerr ("imsg-thumbnailer: %s: %s\n", argv[1], error->message);
      return 1;
    }
  return 0;
}
