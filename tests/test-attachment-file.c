/* test-attachment-file.c - files that are attached: copied at once, or read when they are saved
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
# include <linux/fs.h>
# include <sys/ioctl.h>
#endif

#define LIMIT 5000
#define HOUR 3600

typedef struct
{
  GFile       *data;    /* what is attached */
  GFile       *file;    /* the message */
  IMsgSession *session; /* that copies files up to LIMIT */
  IMsgMessage *message;
} Fixture;

static void
write_data (GFile  *file,
            gsize   n_bytes,
            char    byte,
            gint64  age)
{
  g_autofree char *data = g_strnfill (n_bytes, byte);
  g_autofree char *path = g_file_get_path (file);
  g_autoptr(GError) error = NULL;
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  /* In place: the same file with other bytes */
  g_assert_cmpint (write (fd, data, n_bytes), ==, (gssize) n_bytes);
  close (fd);
  g_assert_true (g_file_set_attribute_uint64 (file, G_FILE_ATTRIBUTE_TIME_MODIFIED,
                                              (guint64) (g_get_real_time () / G_USEC_PER_SEC - age),
                                              G_FILE_QUERY_INFO_NONE, NULL, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;

  fixture->data = test_new_file ("attached.bin");
  fixture->file = test_new_file ("message.msg");
  g_assert_true (g_file_replace_contents (fixture->file, g_bytes_get_data (bytes, NULL),
                                          g_bytes_get_size (bytes), NULL, FALSE,
                                          G_FILE_CREATE_NONE, NULL, NULL, &error));
  fixture->session = imsg_session_new ();
  imsg_session_set_limit (fixture->session, IMSG_LIMIT_COPIED_FILE_BYTES, LIMIT);
  fixture->message = imsg_session_open_message (fixture->session, fixture->file, IMSG_OPEN_MODIFY,
                                                NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  imsg_session_close (fixture->session);
  g_assert_finalize_object (fixture->message);
  g_object_unref (fixture->session);
  g_file_delete (fixture->data, NULL, NULL);
  g_file_delete (fixture->file, NULL, NULL);
  g_object_unref (fixture->data);
  g_object_unref (fixture->file);
}

static IMsgAttachment *
attach (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IMsgAttachment *attachment = imsg_message_create_attachment (fixture->message, &error);

  g_assert_no_error (error);
  g_assert_true (imsg_attachment_set_file (attachment, fixture->data, NULL, &error));
  g_assert_no_error (error);
  return attachment;
}

/* The message on disk has the file as it was: n_bytes times this byte. */
static void
assert_saved (Fixture *fixture,
              gsize    n_bytes,
              char     byte)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_message_open_file (fixture->file, IMSG_OPEN_READ_ONLY, NULL, &error);
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (attachments, g_list_model_get_n_items (attachments) - 1);
  g_autoptr(GBytes) bytes =
    imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_ATTACH_DATA_BIN);
  g_autofree char *expected = g_strnfill (n_bytes, byte);

  g_assert_cmpstr (imsg_attachment_get_file_name (attachment), ==, "attached.bin");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, n_bytes);
  g_assert_true (memcmp (g_bytes_get_data (bytes, NULL), expected, n_bytes) == 0);
}

static void
save (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  imsg_message_save (fixture->message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
}

/* Whether blocks can be shared with the file: then what is attached is a copy of its own. */
static gboolean
is_cloned (GFile *file)
{
#if defined (FICLONE) && defined (O_TMPFILE)
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *folder = g_path_get_dirname (path);
  int from = g_open (path, O_RDONLY, 0);
  int to = g_open (folder, O_TMPFILE | O_RDWR, 0600);
  gboolean is_done = to >= 0 && ioctl (to, FICLONE, from) == 0;

  close (from);
  if (to >= 0)
    close (to);
  return is_done;
#else
  return FALSE;
#endif
}

static void
test_copied (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(IMsgAttachment) attachment = NULL;

  write_data (fixture->data, LIMIT, 'a', HOUR);
  attachment = attach (fixture);
  write_data (fixture->data, LIMIT, 'b', 0);
  save (fixture);
  assert_saved (fixture, LIMIT, 'a');
}

/* One that was changed just now might change again with nobody seeing it. */
static void
test_unsettled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(IMsgAttachment) attachment = NULL;

  write_data (fixture->data, LIMIT + 1, 'a', 0);
  attachment = attach (fixture);
  write_data (fixture->data, LIMIT + 1, 'b', HOUR);
  save (fixture);
  assert_saved (fixture, LIMIT + 1, 'a');
}

static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) before = test_read_file (fixture->file);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;
  char byte = 0;

  write_data (fixture->data, LIMIT + 1, 'a', HOUR);
  if (is_cloned (fixture->data))
    {
      g_test_skip ("the file system shares blocks");
      return;
    }
  attachment = attach (fixture);
  g_assert_cmpuint (imsg_attachment_get_size (attachment), ==, LIMIT + 1);
  stream = imsg_attachment_open_stream (attachment, NULL, &error);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, &error), ==, 1);
  g_assert_cmpint (byte, ==, 'a');

  write_data (fixture->data, LIMIT + 1, 'b', 0);
  g_assert_cmpint (g_input_stream_read (stream, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_false (imsg_message_save (fixture->message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL,
                                     &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_assert_nonnull (strstr (error->message, "attached.bin"));
  after = test_read_file (fixture->file);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (fixture->message)));

  /* Nothing else was lost: with the file as it is now the save goes through. */
  g_clear_error (&error);
  g_assert_true (imsg_attachment_set_file (attachment, fixture->data, NULL, &error));
  save (fixture);
  assert_saved (fixture, LIMIT + 1, 'b');
}

static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *path = g_file_get_path (fixture->data);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;

  write_data (fixture->data, LIMIT + 1, 'a', HOUR);
  if (is_cloned (fixture->data))
    {
      g_test_skip ("the file system shares blocks");
      return;
    }
  attachment = attach (fixture);
  g_assert_cmpint (truncate (path, LIMIT), ==, 0);
  g_assert_false (imsg_message_save (fixture->message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
}

static void
test_deleted (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(IMsgAttachment) attachment = NULL;

  write_data (fixture->data, LIMIT + 1, 'a', HOUR);
  attachment = attach (fixture);
  g_assert_true (g_file_delete (fixture->data, NULL, NULL));
  save (fixture);
  assert_saved (fixture, LIMIT + 1, 'a');
}

static void
test_replaced (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GFile) other = test_new_file ("other.bin");
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;

  write_data (fixture->data, LIMIT + 1, 'a', HOUR);
  write_data (other, LIMIT + 1, 'b', HOUR);
  attachment = attach (fixture);
  g_assert_true (g_file_move (other, fixture->data, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL,
                              &error));
  g_assert_no_error (error);
  save (fixture);
  assert_saved (fixture, LIMIT + 1, 'a');

  /* Nothing of the attached file is needed any more. */
  write_data (fixture->data, 1, 'c', 0);
  g_assert_true (imsg_message_set_subject (fixture->message, "Again", &error));
  save (fixture);
  assert_saved (fixture, LIMIT + 1, 'a');
}

int
main (int   argc,
      char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/imsg/attachment-file/copied", Fixture, NULL, set_up, test_copied, tear_down);
  g_test_add ("/imsg/attachment-file/unsettled", Fixture, NULL, set_up, test_unsettled, tear_down);
  g_test_add ("/imsg/attachment-file/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/imsg/attachment-file/cut", Fixture, NULL, set_up, test_cut, tear_down);
  g_test_add ("/imsg/attachment-file/deleted", Fixture, NULL, set_up, test_deleted, tear_down);
  g_test_add ("/imsg/attachment-file/replaced", Fixture, NULL, set_up, test_replaced, tear_down);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
