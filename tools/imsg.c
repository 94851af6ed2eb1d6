/* imsg.c - the command: finds the verb and hands over
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

static const struct
{
  const char *name;
  const char *summary;
  int       (*run) (int argc, char **argv);
} verbs[] = {
  { "show", N_("Print messages for reading"), verb_show },
  { "dump", N_("Print everything there is about messages, as JSON"), verb_dump },
  { "extract", N_("Write attachments to files"), verb_extract },
  { "convert", N_("Turn messages into other formats, or other formats into messages"), verb_convert },
  { "set", N_("Change properties of a message"), verb_set },
  { "new", N_("Make a message"), verb_new },
  { "storage", N_("Look into the storages and streams of a file"), verb_storage },
  { "validate", N_("Check messages against the rules of the format and of Outlook"), verb_validate },
  { "diff", N_("Compare two messages, property by property"), verb_diff },
  { "find", N_("Find the messages that match a condition"), verb_find },
};

static void
print_help (FILE *file)
{
  fprintf (file, "%s\n  imsg %s\n\n%s\n", _("Usage:"), _("VERB [OPTION…] FILE…"), _("Verbs:"));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (file, "  %-10s %s\n", verbs[i].name, _(verbs[i].summary));
  fprintf (file, "\n%s\n",
           _("“imsg VERB --help” tells about one. A FILE of “-” is standard input. “imsg --version” "
             "tells which version this is."));
}

/* GLib before 2.76 has an allocator of its own for small blocks, whose locks several workers spend a
 * fifth of their time on. It reads whether it is wanted when it is first used, which is before
 * main(): a run of several workers begins once more, with that said. Where it cannot, it goes on. */
static void
begin_without_slices (char **argv)
{
  gboolean has_workers = FALSE;

  for (guint i = 1; argv[i] != NULL && strcmp (argv[i], "--") != 0; i++)
    has_workers |= g_str_has_prefix (argv[i], "-j") || g_str_has_prefix (argv[i], "--jobs");
  if (!has_workers || glib_check_version (2, 76, 0) == NULL || g_getenv ("G_SLICE") != NULL)
    return;
  g_setenv ("G_SLICE", "always-malloc", TRUE);
  execv ("/proc/self/exe", argv);
}

int
main (int    argc,
      char **argv)
{
  const char *locale_dir = NULL;

  begin_without_slices (argv);
  setlocale (LC_ALL, "");
  /* The build folder has its own, for programs that run from there */
  locale_dir = g_getenv ("IMSG_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("imsg");

  if (argc < 2)
    {
      print_help (stderr);
      return TOOL_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
      (strcmp (argv[1], "help") == 0 && argc == 2))
    {
      print_help (stdout);
      return TOOL_OK;
    }
  /* "imsg help show" is "imsg show --help" */
  if (strcmp (argv[1], "help") == 0)
    {
      argv[1] = argv[2];
      argv[2] = (char *) "--help";
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      printf ("imsg %s\n", PACKAGE_VERSION);
      return TOOL_OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      {
        g_autofree char *program = g_strconcat ("imsg ", verbs[i].name, NULL);
        int result = TOOL_OK;

        g_set_prgname (program);
        argv[1] = program;
        result = verbs[i].run (argc - 1, argv + 1);
        if (fflush (stdout) != 0 || ferror (stdout))
          {
            fprintf (stderr, "imsg: %s\n", _("Standard output could not be written"));
            return TOOL_FAILED;
          }
        return result;
      }
  fprintf (stderr, _("imsg: “%s” is no verb; “imsg --help” lists them"), argv[1]);
  fputc ('\n', stderr);
  return TOOL_USAGE;
}
