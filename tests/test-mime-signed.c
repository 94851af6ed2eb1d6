/* test-mime-signed.c - signatures that openssl made still hold after a stay in a .msg file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

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

#define SIGN "cms -sign -in content -signer c.pem -inkey k.pem -md sha256 -subject Signed " \
             "-from a@example.org -to b@example.org -out signed.eml "
#define VERIFY "cms -verify -in out.eml -CAfile c.pem -out content.out"

static const struct
{
  const char *name;
  const char *make;
  const char *check;
  const char *message_class;
  const char *smime_type; /* NULL: clear-signed */
} kinds[] = {
  { "clear", SIGN, VERIFY, "IPM.Note.SMIME.MultipartSigned", NULL },
  { "opaque", SIGN "-nodetach", VERIFY, "IPM.Note.SMIME", "smime-type=signed-data" },
  { "encrypted",
    "cms -encrypt -in content -aes-256-cbc -subject Hidden -from a@example.org -to b@example.org "
    "-out signed.eml c.pem",
    "cms -decrypt -in out.eml -recip c.pem -inkey k.pem -out content.out", "IPM.Note.SMIME",
    "smime-type=enveloped-data" },
};

/* White space, 8-bit text and lines of two kinds are what a signature breaks over. */
static const char content[] = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                              "Caf\xc3\xa9  \r\n\r\n  behind\t\r\n.\r\nFrom here\r\n";

/* A folder with something to sign, and who signs it; NULL where there is no openssl. */
static char *
make_folder (void)
{
  g_autofree char *program = g_find_program_in_path ("openssl");
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (program == NULL)
    {
      g_test_skip ("openssl is not installed");
      return NULL;
    }
  folder = g_dir_make_tmp ("imsg-signed-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (folder, "content", NULL);
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  g_assert_true (run (folder, "req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 "
                              "-subj /CN=Test/emailAddress=a@example.org"));
  return g_steal_pointer (&folder);
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (folder, name, NULL);

      g_remove (inside);
    }
  g_dir_close (dir);
  g_rmdir (folder);
}

static char *
read_text (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_kind (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autofree char *folder = make_folder ();
  g_autofree char *found = NULL;
  g_autofree char *out = NULL;

  if (folder == NULL)
    return;
  g_assert_true (run (folder, kinds[row].make));
  go_there_and_back (folder, kinds[row].message_class);
  g_assert_true (run (folder, kinds[row].check));
  found = read_text (folder, "content.out");
  g_assert_nonnull (strstr (found, "Caf\xc3\xa9  \r\n"));
  out = read_text (folder, "out.eml");
  if (kinds[row].smime_type != NULL)
    g_assert_nonnull (strstr (out, kinds[row].smime_type));
  else
    {
      /* and openssl would have told */
      g_autofree char *path = g_build_filename (folder, "out.eml", NULL);
      char *changed = strstr (out, "From here");

      g_assert_nonnull (changed);
      *changed = 'X';
      g_assert_true (g_file_set_contents (path, out, -1, NULL));
      g_assert_false (run (folder, kinds[row].check));
    }
  remove_folder (folder);
}

/* As Outlook stores it: the whole entity in an attachment called smime.p7m. It verifies alone, and
 * inside a message it was attached to. */
static void
test_stored_entity (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *mail = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) outer = NULL;
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;
  const char *entity;

  if (folder == NULL)
    return;
  g_assert_true (run (folder, SIGN));
  mail = read_text (folder, "signed.eml");
  entity = strstr (mail, "MIME-Version:");
  g_assert_nonnull (entity);

  outer = mime_create (session, "IPM.Note");
  attachment = imsg_message_create_attachment (outer, &error);
  g_assert_no_error (error);
  inner = imsg_attachment_create_message (attachment, &error);
  g_assert_no_error (error);
  mime_set_string (inner, IMSG_PR_MESSAGE_CLASS, "IPM.Note.SMIME.MultipartSigned");
  mime_set_string (inner, IMSG_PR_SUBJECT, "Signed");
  mime_attach (inner, "smime.p7m", "multipart/signed", entity, strlen (entity));

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (folder, "out.eml", NULL);
      g_autofree char *text = mime_export (i == 0 ? inner : outer, IMSG_MIME_EXPORT_ARCHIVE, NULL);
      const char *start = i == 0 ? text : strstr (text, "Subject: Signed");

      g_assert_true (g_file_set_contents (path, start, -1, NULL));
      g_assert_true (run (folder, VERIFY));
    }
  remove_folder (folder);
}

static void
count_lines (const char *text,
             const char *start,
             guint       n_expected)
{
  g_autofree char *line = g_strconcat ("\n", start, NULL);
  guint n = 0;

  for (const char *c = strstr (text, line); c != NULL; c = strstr (c + 1, line))
    n++;
  g_assert_cmpuint (n, ==, n_expected);
}

/* What is said of the content stands with it, once, however often the message goes round. */
static void
test_own_headers (void)
{
  static const char mail[] =
    "Subject: s\r\nContent-Language: de-DE\r\nContent-Class: urn:content-classes:message\r\n"
    "Content-Type: multipart/signed; protocol=a; boundary=b\r\n"
    "MIME-Version: 1.0\r\n\r\n--b\r\n\r\nMIME-Version: text\r\n--b\r\n"
    "Content-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *text = g_strdup (mail);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IMsgMessage) message = mime_import (session, text);

      g_free (text);
      text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
    }
  count_lines (text, "Content-Language:", 1);
  count_lines (text, "Content-Class:", 1);
  count_lines (text, "MIME-Version: 1.0", 1);
}

/* Files to Outlook, and still to be decrypted by who gets the message out again. */
static void
test_pgp_encrypted (void)
{
  static const char mail[] =
    "Subject: s\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; "
    "boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    "--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
    "-----BEGIN PGP MESSAGE-----\r\n--b--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, mail);
  g_autoptr(IMsgMessage) back = NULL;
  g_autofree char *text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_autofree char *with_text = NULL;

  g_assert_nonnull (strstr (text, "\r\nContent-Type: multipart/encrypted; "));
  g_assert_nonnull (strstr (text, "protocol=\"application/pgp-encrypted\""));
  g_assert_null (strstr (text, "text/plain"));
  back = mime_import (session, text);
  mime_assert_data (mime_get_attachment (back, 0), "Version: 1", 10);
  mime_assert_data (mime_get_attachment (back, 1), "-----BEGIN PGP MESSAGE-----", 27);

  /* what has a text is no longer only that */
  mime_set_string (message, IMSG_PR_BODY, "I cannot read this:");
  with_text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (with_text, "multipart/mixed"));
}

/* What somebody put something beside is kept in parts, which is told. */
static void
test_signed_beside (void)
{
  static const char signature[] =
    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n"
    "--s\r\n\r\ntext\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\n0\r\n--s--\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *beside = g_strconcat ("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
                                         signature, "--b\r\n\r\nfooter\r\n--b--\r\n", NULL);
  g_autofree char *inside = g_strconcat (
    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n", signature,
    "--m--\r\n--b\r\n\r\n0\r\n--b--\r\n", NULL);
  g_autoptr(IMsgMessage) mixed = mime_import (session, beside);
  g_autoptr(IMsgMessage) whole = mime_import (session, inside);
  g_autofree char *told = test_list_problems (mixed);
  g_autofree char *nothing = test_list_problems (whole);

  g_assert_cmpstr (told, ==, "multipart/signed");
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (mixed)), ==, 2);
  g_assert_cmpstr (nothing, ==, "");
}

/* Mailers without a type for it have a name: RFC 8551 3.9. Beside a text it is a file. */
static void
test_opaque_by_name (void)
{
  static const char part[] = "Content-Type: application/octet-stream; name=smime.p7m\r\n\r\n0\r\n";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *beside = g_strconcat ("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                         "--b\r\n\r\ntext\r\n--b\r\n", part, "--b--\r\n", NULL);
  g_autoptr(IMsgMessage) whole = mime_import (session, part);
  g_autoptr(IMsgMessage) mixed = mime_import (session, beside);

  g_assert_cmpstr (imsg_message_get_message_class (whole), ==, "IPM.Note.SMIME");
  g_assert_cmpstr (imsg_message_get_message_class (mixed), ==, "IPM.Note");
}

/* Headers that are not quite right are read as those of any other part. */
static void
test_opaque_with_odd_headers (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (
    session, "Content-Type: application/pkcs7-mime; name=\"=?ks_c_5601-1987?B?jGO55g==?=.p7m\"\r\n"
             "Content-Transfer-Encoding: \"base64\";\r\n\r\nMAEC\r\n");
  IMsgAttachment *attachment = mime_get_attachment (message, 0);

  g_assert_cmpstr (imsg_message_get_message_class (message), ==, "IPM.Note.SMIME");
  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "똠방.p7m");
  mime_assert_data (attachment, "0\1\2", 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/mime-signed/%s", kinds[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kind);
    }
  g_test_add_func ("/imsg/mime-signed/signed-beside", test_signed_beside);
  g_test_add_func ("/imsg/mime-signed/opaque-by-name", test_opaque_by_name);
  g_test_add_func ("/imsg/mime-signed/opaque-with-odd-headers", test_opaque_with_odd_headers);
  g_test_add_func ("/imsg/mime-signed/stored-entity", test_stored_entity);
  g_test_add_func ("/imsg/mime-signed/own-headers", test_own_headers);
  g_test_add_func ("/imsg/mime-signed/pgp-encrypted", test_pgp_encrypted);
  return g_test_run ();
}
