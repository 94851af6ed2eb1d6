/* test-message-save-walk.c - messages that are changed, saved, copied and left alone at random
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

enum
{
  RECIPIENTS,
  ATTACHMENTS,
  N_KINDS
};

/* What a message is to hold: the names of both kinds, in order. */
typedef struct
{
  GPtrArray *names[N_KINDS];
} Content;

static void
content_clear (Content *content)
{
  for (guint i = 0; i < N_KINDS; i++)
    g_clear_pointer (&content->names[i], g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static void
content_set (Content       *content,
             const Content *other)
{
  for (guint i = 0; i < N_KINDS; i++)
    {
      g_clear_pointer (&content->names[i], g_ptr_array_unref);
      content->names[i] = g_ptr_array_new_with_free_func (g_free);
      for (guint j = 0; other != NULL && j < other->names[i]->len; j++)
        g_ptr_array_add (content->names[i], g_strdup (other->names[i]->pdata[j]));
    }
}

static void
assert_content (IMsgMessage   *message,
                const Content *content)
{
  GListModel *lists[N_KINDS] = { imsg_message_get_recipients (message),
                                 imsg_message_get_attachments (message) };

  for (guint i = 0; i < N_KINDS; i++)
    {
      g_assert_cmpuint (g_list_model_get_n_items (lists[i]), ==, content->names[i]->len);
      for (guint j = 0; j < content->names[i]->len; j++)
        {
          g_autoptr(IMsgPropertyObject) item = g_list_model_get_item (lists[i], j);

          test_assert_string (item, i == RECIPIENTS ? IMSG_PR_DISPLAY_NAME
                                                    : IMSG_PR_ATTACH_LONG_FILENAME,
                              content->names[i]->pdata[j]);
        }
    }
  g_assert_cmpuint (test_count_problems (message), ==, 0);
}

static void
add_named (IMsgMessage *message,
           Content     *content,
           guint        kind,
           char        *name)
{
  g_autoptr(GError) error = NULL;

  if (kind == RECIPIENTS)
    {
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name, "a@example.org", &error);
    }
  else
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

      imsg_attachment_set_file_name (attachment, name, &error);
    }
  g_assert_no_error (error);
  g_ptr_array_add (content->names[kind], name);
}

static void
remove_any (IMsgMessage *message,
            Content     *content,
            guint        kind,
            GRand       *random)
{
  g_autoptr(GError) error = NULL;
  guint position;

  if (content->names[kind]->len == 0)
    return;
  position = (guint) g_rand_int_range (random, 0, (gint32) content->names[kind]->len);
  if (kind == RECIPIENTS)
    {
      g_autoptr(IMsgRecipient) recipient =
        g_list_model_get_item (imsg_message_get_recipients (message), position);

      imsg_message_remove_recipient (message, imsg_recipient_get_row_id (recipient), &error);
    }
  else
    {
      g_autoptr(IMsgAttachment) attachment =
        g_list_model_get_item (imsg_message_get_attachments (message), position);

      imsg_message_delete_attachment (message, imsg_attachment_get_number (attachment), &error);
    }
  g_assert_no_error (error);
  g_ptr_array_remove_index (content->names[kind], position);
}

static void
rename_any (IMsgMessage *message,
            Content     *content,
            const char  *name,
            GRand       *random)
{
  g_autoptr(IMsgPropertyObject) recipient = NULL;
  guint position;

  if (content->names[RECIPIENTS]->len == 0)
    return;
  position = (guint) g_rand_int_range (random, 0, (gint32) content->names[RECIPIENTS]->len);
  recipient = g_list_model_get_item (imsg_message_get_recipients (message), position);
  g_assert_true (imsg_property_object_set_string (recipient, IMSG_PR_DISPLAY_NAME, name, NULL));
  g_free (content->names[RECIPIENTS]->pdata[position]);
  content->names[RECIPIENTS]->pdata[position] = g_strdup (name);
}

static void
move_any (IMsgMessage *message,
          Content     *content,
          GRand       *random)
{
  GPtrArray *names = content->names[RECIPIENTS];
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;
  guint from, to;
  char *name;

  if (names->len == 0)
    return;
  from = (guint) g_rand_int_range (random, 0, (gint32) names->len);
  to = (guint) g_rand_int_range (random, 0, (gint32) names->len);
  recipient = g_list_model_get_item (imsg_message_get_recipients (message), from);
  imsg_message_move_recipient (message, imsg_recipient_get_row_id (recipient), to, &error);
  g_assert_no_error (error);
  name = g_ptr_array_steal_index (names, from);
  g_ptr_array_insert (names, (int) to, name);
}

static void
check_copy (IMsgMessage   *message,
            const Content *content)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IMsgMessage) read = NULL;

  g_assert_no_error (error);
  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  problems = imsg_storage_validate_message (storage, IMSG_VALIDATE_FORMAT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  read = test_open_message (bytes);
  assert_content (read, content);
}

/* Whatever is done in whatever order, a message and its file hold what they should. */
static void
test_walk (gconstpointer data)
{
  guint seed = GPOINTER_TO_UINT (data);
  g_autofree char *file_name = g_strdup_printf ("walk-%u.msg", seed);
  g_autoptr(GFile) file = test_new_file (file_name);
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_auto(Content) now = { { NULL } };
  g_auto(Content) saved = { { NULL } };

  content_set (&now, NULL);
  content_set (&saved, NULL);
  imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  for (guint step = 0; step < 120; step++)
    {
      guint choice = (guint) g_rand_int_range (random, 0, 12);
      char name[16];

      g_snprintf (name, sizeof name, "n%u", step);
      if (choice < 4)
        add_named (message, &now, choice % N_KINDS, g_strdup (name));
      else if (choice < 6)
        remove_any (message, &now, choice % N_KINDS, random);
      else if (choice == 6)
        rename_any (message, &now, name, random);
      else if (choice == 11)
        move_any (message, &now, random);
      else if (choice == 7)
        check_copy (message, &now);
      else if (choice == 8)
        {
          imsg_message_discard_changes (message);
          content_set (&now, &saved);
        }
      else
        {
          if (choice == 9)
            imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
          else
            imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
          g_assert_no_error (error);
          content_set (&saved, &now);
          if (g_rand_boolean (random))
            {
              g_clear_object (&message);
              message = imsg_message_open_file (file, IMSG_OPEN_MODIFY, NULL, &error);
              g_assert_no_error (error);
            }
        }
      assert_content (message, &now);
    }
}

/* What an embedded message holds in a file that is sound. */
static void
assert_inner_in_file (GFile         *file,
                      const Content *content)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, &error);
  g_autoptr(GPtrArray) problems =
    imsg_storage_validate_message (storage, IMSG_VALIDATE_FORMAT, NULL, &error);
  g_autoptr(IMsgMessage) message = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(IMsgMessage) inner = imsg_attachment_open_message (attachment, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  assert_content (inner, content);
}

static void
save_layer (IMsgMessage  *message,
            GError      **error)
{
  g_autoptr(IMsgAttachment) parent =
    imsg_message_get_parent (message) != NULL ? g_object_ref (imsg_message_get_parent (message))
                                              : NULL;

  imsg_message_save (message, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, error);
  if (parent != NULL)
    imsg_attachment_save (parent, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, error);
}

/* What an embedded message has saved, and nothing that was done to it since, is what the message
 * around it writes. */
static void
test_layers (gconstpointer data)
{
  guint seed = GPOINTER_TO_UINT (data);
  g_autofree char *file_name = g_strdup_printf ("layers-%u.msg", seed);
  g_autoptr(GFile) file = test_new_file (file_name);
  g_autoptr(GRand) random = g_rand_new_with_seed (seed);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) outer = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) holder = imsg_message_create_attachment (outer, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (holder, &error);
  g_auto(Content) now = { { NULL } };
  g_auto(Content) saved = { { NULL } };

  content_set (&now, NULL);
  content_set (&saved, NULL);
  imsg_message_save_as (outer, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  for (guint step = 0; step < 120; step++)
    {
      guint choice = (guint) g_rand_int_range (random, 0, 13);
      char name[16];

      g_snprintf (name, sizeof name, "n%u", step);
      if (choice < 3)
        add_named (inner, &now, RECIPIENTS, g_strdup (name));
      else if (choice == 3)
        {
          g_autoptr(IMsgAttachment) last = NULL;

          add_named (inner, &now, ATTACHMENTS, g_strdup (name));
          last = g_list_model_get_item (imsg_message_get_attachments (inner),
                                        now.names[ATTACHMENTS]->len - 1);
          imsg_attachment_save (last, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
        }
      else if (choice < 6)
        remove_any (inner, &now, choice % N_KINDS, random);
      else if (choice == 6)
        rename_any (inner, &now, name, random);
      else if (choice == 7)
        move_any (inner, &now, random);
      else if (choice == 8)
        {
          imsg_message_discard_changes (inner);
          content_set (&now, &saved);
        }
      else if (choice == 9)
        {
          imsg_message_close (inner);
          g_clear_object (&inner);
          inner = imsg_attachment_open_message (holder, NULL, &error);
          content_set (&now, &saved);
        }
      else if (choice == 10)
        {
          save_layer (outer, &error);
          assert_inner_in_file (file, &saved);
        }
      else
        {
          save_layer (inner, &error);
          content_set (&saved, &now);
        }
      g_assert_no_error (error);
      assert_content (inner, &now);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= 6; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/message-save/walk/%u", seed);
      g_autofree char *layers_path = g_strdup_printf ("/imsg/message-save/layers/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_walk);
      g_test_add_data_func (layers_path, GUINT_TO_POINTER (seed), test_layers);
    }
  status = g_test_run ();
  test_remove_files ();
  return status;
}
