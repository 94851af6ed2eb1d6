/* test-mime-text.c - the lines and paragraphs of text in e-mail
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "test-mime-util.h"
#include "test-util.h"

static const struct
{
  const char *name;
  const char *parameters;
  const char *text;
  const char *expected;
} texts[] = {
  { "fixed", "", "a \r\n b\r\n> c \r\n", "a \r\n b\r\n> c \r\n" },
  { "line-feeds", "", "a\nb", "a\r\nb" },
  { "carriage-returns", "", "a=0Db=0D=0Dc", "a\r\nb\r\n\r\nc" },
  { "paragraphs", "; format=flowed", "one \r\nparagraph\r\n\r\nand \r\nanother\r\n",
    "one paragraph\r\n\r\nand another\r\n" },
  { "any-case", "; Format=\"Flowed\"", "a \r\nb\r\n", "a b\r\n" },
  { "stuffed", "; format=flowed", " From here\r\n  indented\r\n > no quote\r\n",
    "From here\r\n indented\r\n> no quote\r\n" },
  { "quoted", "; format=flowed", "> as you \r\n> said\r\n>> and she \r\n>>said\r\n>\r\nyes\r\n",
    "> as you said\r\n>> and she said\r\n>\r\nyes\r\n" },
  { "quotes-that-end", "; format=flowed", "> flows \r\n>> no further\r\n",
    "> flows \r\n>> no further\r\n" },
  { "signature", "; format=flowed", "goes \r\n-- \r\nAnn\r\n", "goes \r\n-- \r\nAnn\r\n" },
  { "quoted-signature", "; format=flowed", "> -- \r\n> Ann\r\n", "> -- \r\n> Ann\r\n" },
  { "deleted-spaces", "; format=flowed; delsp=yes", "par \r\nagraph  \r\nflows.\r\n",
    "paragraph flows.\r\n" },
  { "nothing-behind", "; format=flowed", "ends \r\n", "ends \r\n" },
  { "no-end", "; format=flowed; delsp=yes", "a \r\nb ", "ab " },
};

static void
test_lines (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autofree char *mail =
    g_strdup_printf ("Content-Type: text/plain%s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s",
                     texts[row].parameters,
                     strstr (texts[row].text, "=0D") != NULL ? "quoted-printable" : "7bit",
                     texts[row].text);
  g_autoptr(IMsgMessage) message = mime_import (session, mail);

  test_assert_string (message, IMSG_PR_BODY, texts[row].expected);
}

/* Files whose lines end otherwise than those of e-mail. */
static const struct
{
  const char *name;
  const char *mail;
  const char *subject;
  const char *text;
} files[] = {
  { "line-feeds", "Subject: a\nTo: b\n\none\n\ntwo\n", "a", "one\r\n\r\ntwo\r\n" },
  { "carriage-returns", "Subject: a\rTo: b\r\rone\r\rtwo\r", "a", "one\r\n\r\ntwo\r\n" },
  { "twice-converted", "Subject: a\r\r\nTo: b\r\r\n\r\r\none\r\r\n\r\r\ntwo\r\r\n", "a",
    "one\r\n\r\ntwo\r\n" },
  { "carriage-return-inside", "Subject: a\nTo: b\n\none\rtwo\r\r\n", "a",
    "one\r\ntwo\r\n\r\n" },
  { "headers-alone", "Subject: a", "a", "" },
};

static void
test_file (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_import (session, files[row].mail);

  g_assert_cmpstr (imsg_message_get_subject (message), ==, files[row].subject);
  test_assert_string (message, IMSG_PR_BODY, files[row].text);
}

/* Gateways and mailing lists put text behind what they do not understand. */
static void
test_behind_base64 (void)
{
  static const struct
  {
    const char *mail;
    const char *text;
  } mails[] = {
    { "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n\r\n-- \r\nThe list\r\n",
      "hello\r\n-- \r\nThe list\r\n" },
    { "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n_____\r\naGVsbG8=\r\n",
      "hello\r\n_____\r\naGVsbG8=\r\n" },
    { "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\nYWJj\r\n", "helloabc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(IMsgMessage) message = mime_import (session, mails[i].mail);

      test_assert_string (message, IMSG_PR_BODY, mails[i].text);
    }
}

/* A carriage return alone has no place in e-mail: RFC 5322 2.3. */
static void
test_carriage_returns_out (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autofree char *text = NULL;

  mime_set_string (message, IMSG_PR_BODY, "one\rtwo\r\nthree\r\r\nfour");
  text = mime_export (message, IMSG_MIME_EXPORT_ARCHIVE, NULL);
  g_assert_nonnull (strstr (text, "\r\n\r\none\r\ntwo\r\nthree\r\n\r\nfour"));
}

/* Half of its bytes are no ASCII: it goes out in base64, and time grows with its length alone. */
static void
test_long (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = mime_create (session, "IPM.Note");
  g_autoptr(IMsgMessage) back = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < 500000; i++)
    g_string_append (text, "Привет, мир\r\n");
  mime_set_string (message, IMSG_PR_BODY, text->str);
  back = mime_go_round (session, message);
  test_assert_string (back, IMSG_PR_BODY, text->str);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-text/lines/", texts[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_lines);
    }
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/mime-text/file/", files[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_file);
    }
  g_test_add_func ("/imsg/mime-text/behind-base64", test_behind_base64);
  g_test_add_func ("/imsg/mime-text/carriage-returns-out", test_carriage_returns_out);
  g_test_add_func ("/imsg/mime-text/long", test_long);
  return g_test_run ();
}
