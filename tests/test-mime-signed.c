/* test-mime-signed.c - signatures that openssl made still hold after a stay in a .msg file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <imsg.h>
#include <string.h>

static gboolean
run (const char *folder,
     const char *arguments)
{
  g_auto(GStrv) argv = NULL;
  g_autofree char *command = g_strconcat ("openssl ", arguments, NULL);
  g_autoptr(GError) error = NULL;
  int status = -1;

  g_shell_parse_argv (command, NULL, &argv, &error);
  g_assert_no_error (error);
  g_spawn_sync (folder, argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  return g_spawn_check_wait_status (status, NULL);
}

static GFile *
get_file (const char *folder,
          const char *name)
{
  return g_file_new_build_filename (folder, name, NULL);
}

/* signed.eml into kept.msg, and that into out.eml */
static void
go_there_and_back (const char *folder,
                   const char *message_class)
{
  g_autoptr(GFile) from = get_file (folder, "signed.eml");
  g_autoptr(GFile) kept = get_file (folder, "kept.msg");
  g_autoptr(GFile) to = get_file (folder, "out.eml");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = NULL;
  g_autoptr(IMsgMessage) imported = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  input = G_INPUT_STREAM (g_file_read (from, NULL, &error));
  g_assert_no_error (error);
  imported = imsg_session_import_mime (session, input, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_message_class (imported), ==, message_class);
  imsg_message_save_as (imported, kept, 0, NULL, &error);
  g_assert_no_error (error);
  imsg_message_close (imported);

  message = imsg_session_open_message (session, kept, 0, NULL, &error);
  g_assert_no_error (error);
  output = G_OUTPUT_STREAM (g_file_replace (to, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error));
  g_assert_no_error (error);
  imsg_message_export_mime (message, output, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (output, NULL, &error);
  g_assert_no_error (error);
  imsg_session_close (session);
}

static const struct
{
  const char *name;
  const char *options;
  const char *message_class;
} signings[] = {
  { "clear", "", "IPM.Note.SMIME.MultipartSigned" },
  { "opaque", "-nodetach", "IPM.Note.SMIME" },
};

static void
test_signed (gconstpointer data)
{
  /* white space, 8-bit text and lines of two kinds are what a signature breaks over */
  static const char content[] = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                                "Caf\xc3\xa9  \r\n\r\n  behind\t\r\n.\r\nFrom here\r\n";
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_find_program_in_path ("openssl");
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *signing = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *out_path = NULL;
  char *found;
  GDir *dir;
  const char *name;
  gsize length;

  if (program == NULL)
    {
      g_test_skip ("openssl is not installed");
      return;
    }
  folder = g_dir_make_tmp ("imsg-signed-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (folder, "content", NULL);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  signing = g_strconcat ("cms -sign -in content -signer c.pem -inkey k.pem -md sha256 "
                         "-subject Signed -from a@example.org -to b@example.org -out signed.eml ",
                         signings[row].options, NULL);
  g_assert_true (run (folder, "req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 "
                              "-subj /CN=Test/emailAddress=a@example.org"));
  g_assert_true (run (folder, signing));
  g_assert_true (run (folder, "cms -verify -in signed.eml -CAfile c.pem -out content.in"));

  go_there_and_back (folder, signings[row].message_class);
  g_assert_true (run (folder, "cms -verify -in out.eml -CAfile c.pem -out content.out"));

  /* and openssl would have told */
  out_path = g_build_filename (folder, "out.eml", NULL);
  g_file_get_contents (out_path, &changed, &length, &error);
  g_assert_no_error (error);
  found = g_strstr_len (changed, (gssize) length, "From here");
  if (row == 0)
    {
      g_assert_nonnull (found);
      *found = 'X';
      g_file_set_contents (out_path, changed, (gssize) length, &error);
      g_assert_no_error (error);
      g_assert_false (run (folder, "cms -verify -in out.eml -CAfile c.pem -out content.no"));
    }

  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (folder, name, NULL);

      g_remove (inside);
    }
  g_dir_close (dir);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (signings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/mime-signed/%s", signings[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_signed);
    }
  return g_test_run ();
}
