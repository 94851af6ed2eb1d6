/* test-mbox.c - where the entries of a mailbox file begin
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-mime-util.h"
#include "test-util.h"

#define DATE " Mon Jan  8 09:00:00 2024\n"
#define ONE "From a@example.org" DATE "Subject: one\n\n"
#define TWO "From b@example.org" DATE "Subject: two\n\nsecond\n"

static const struct
{
  const char *name;
  const char *mbox;
  const char *bodies[3];
} files[] = {
  { "quoted", ONE ">From here\n>>From there\nFrom inside\n\n" TWO,
    { "From here\r\n>From there\r\nFrom inside\r\n", "second\r\n" } },
  /* as writers that count the bytes of an entry leave it */
  { "sentence", ONE "a\n\nFrom here on\nb\n\n" TWO,
    { "a\r\n\r\nFrom here on\r\nb\r\n", "second\r\n" } },
  { "sentence-with-a-time", ONE "a\n\nFrom 9:00 on\nwe eat\n\n" TWO,
    { "a\r\n\r\nFrom 9:00 on\r\nwe eat\r\n", "second\r\n" } },
  { "sentence-before-a-colon", ONE "a\n\nFrom here\nNote: b\n\n" TWO,
    { "a\r\n\r\nFrom here\r\nNote: b\r\n", "second\r\n" } },
  { "no-dates", "From a\nSubject: one\n\na\n\nFrom here on\nb\n\nFrom b\nSubject: two\n\nsecond\n",
    { "a\r\n\r\nFrom here on\r\nb\r\n", "second\r\n" } },
  { "other-dates", "From - Mon, 8 Jan 2024 9:00 +0100\nSubject: one\n\na\n\n" TWO,
    { "a\r\n", "second\r\n" } },
  { "quoted-from-behind", ONE "a\n\nFrom b" DATE ">From b" DATE "Subject: two\n\nsecond\n",
    { "a\r\n", "second\r\n" } },
  { "byte-order-mark", "\xef\xbb\xbf" ONE "a\n\n" TWO, { "a\r\n", "second\r\n" } },
  { "empty-entries", "From a" DATE "\nFrom b" DATE "\n\n \n\n" TWO "\nFrom c" DATE,
    { "second\r\n" } },
};

static void
test_file (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GInputStream) stream =
    g_memory_input_stream_new_from_data (files[row].mbox, -1, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = imsg_session_import_mbox (session, stream, NULL, &error);
  guint n_expected = g_strv_length ((char **) files[row].bodies);

  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, n_expected);
  for (guint i = 0; i < messages->len; i++)
    test_assert_string (g_ptr_array_index (messages, i), IMSG_PR_BODY, files[row].bodies[i]);
}

/* A line that the buffer of the reader ends in, or just behind. */
static void
test_long_lines (void)
{
  for (guint n = 65530; n < 65540; n++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autofree char *line = g_strnfill (n - strlen (ONE), 'x');
      g_autofree char *mbox = g_strconcat (ONE, line, "\n\n" TWO, NULL);
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (mbox, -1, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) messages = imsg_session_import_mbox (session, stream, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (messages->len, ==, 2);
      test_assert_string (g_ptr_array_index (messages, 1), IMSG_PR_BODY, "second\r\n");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mbox/file/", files[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_file);
    }
  g_test_add_func ("/imsg/mbox/long-lines", test_long_lines);
  return g_test_run ();
}
