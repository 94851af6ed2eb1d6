/* test-hostile-tree.c - messages whose storages and streams are not what their names say
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "compound-util.h"
#include "imsg-error.h"
#include "imsg-problem.h"
#include "imsg-property-tags.h"
#include "imsg-session.h"

#include <string.h>

#define PROPERTIES "__properties_version1.0"
#define RECIPIENT "__recip_version1.0_#00000000"
#define ATTACHMENT "__attach_version1.0_#00000000"
#define NAMES "__nameid_version1.0"
#define CONVERSATION "__substg1.0_00710102"

/* A message with a subject, a recipient, an attachment with a message in it */
static CompoundTree *
make_tree (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgRecipient) recipient = imsg_message_add_recipient (
    message, IMSG_RECIPIENT_TYPE_TO, "Ann", "ann@example.org", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;

  imsg_message_set_subject (message, "outer", &error);
  imsg_message_set_subject (embedded, "inner", &error);
  g_assert_no_error (error);
  g_assert_nonnull (recipient);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  return compound_tree_new_from_directory (directory);
}

static CompoundEntry *
find (CompoundTree *tree,
      const char   *name)
{
  for (guint i = 1; i < tree->entries->len; i++)
    {
      CompoundEntry *entry = &g_array_index (tree->entries, CompoundEntry, i);
      g_autofree char *entry_name = _imsg_name_to_utf8 (entry->entry.name, entry->entry.n_units);

      if (entry->parent == 0 && strcmp (entry_name, name) == 0)
        return entry;
    }
  g_assert_not_reached ();
}

static void
rename_away (CompoundTree *tree,
             const char   *name)
{
  find (tree, name)->entry.name[0] = 'x';
}

static void
repeat_recipient (CompoundTree *tree)
{
  compound_tree_add_storage (tree, 0, RECIPIENT);
}

static void
repeat_recipient_as_stream (CompoundTree *tree)
{
  compound_tree_add_stream (tree, 0, RECIPIENT, 20, 1);
}

static void
repeat_attachment (CompoundTree *tree)
{
  compound_tree_add_storage (tree, 0, ATTACHMENT);
}

static void
repeat_attachment_in_lower_case (CompoundTree *tree)
{
  compound_tree_add_storage (tree, 0, "__ATTACH_version1.0_#00000000");
}

static void
repeat_properties (CompoundTree *tree)
{
  compound_tree_add_blob (tree, 0, PROPERTIES, find (tree, PROPERTIES)->blob);
}

static void
repeat_stream (CompoundTree *tree)
{
  compound_tree_add_stream (tree, 0, CONVERSATION, 64, 1);
}

static void
swap_properties (CompoundTree *tree)
{
  rename_away (tree, PROPERTIES);
  compound_tree_add_storage (tree, 0, PROPERTIES);
}

static void
swap_stream (CompoundTree *tree)
{
  rename_away (tree, CONVERSATION);
  compound_tree_add_storage (tree, 0, CONVERSATION);
}

static void
swap_subject (CompoundTree *tree)
{
  rename_away (tree, "__substg1.0_0037001F");
  compound_tree_add_storage (tree, 0, "__substg1.0_0037001F");
}

static void
swap_recipient (CompoundTree *tree)
{
  rename_away (tree, RECIPIENT);
  compound_tree_add_stream (tree, 0, RECIPIENT, 20, 1);
}

static void
swap_names (CompoundTree *tree)
{
  rename_away (tree, NAMES);
  compound_tree_add_stream (tree, 0, NAMES, 20, 1);
}

static void
remove_properties (CompoundTree *tree)
{
  rename_away (tree, PROPERTIES);
}

static void
remove_names (CompoundTree *tree)
{
  rename_away (tree, NAMES);
}

static void
add_last_recipient (CompoundTree *tree)
{
  compound_tree_add_storage (tree, 0, "__recip_version1.0_#FFFFFFFF");
}

static void
add_last_attachment (CompoundTree *tree)
{
  compound_tree_add_storage (tree, 0, "__attach_version1.0_#FFFFFFFF");
}

static const struct
{
  const char *name;
  void      (*change) (CompoundTree *tree);
  guint       n_recipients;
  guint       n_attachments;
  int         code; /* of a problem there must be; 0: of none */
  gboolean    fails; /* to open, with that code */
} trees[] = {
  { "recipient-twice", repeat_recipient, 1, 1, IMSG_ERROR_CORRUPT_DATA },
  { "recipient-and-stream", repeat_recipient_as_stream, 1, 1, IMSG_ERROR_CORRUPT_DATA },
  { "attachment-twice", repeat_attachment, 1, 1, IMSG_ERROR_CORRUPT_DATA },
  { "attachment-twice-but-for-case", repeat_attachment_in_lower_case, 1, 1,
    IMSG_ERROR_CORRUPT_DATA },
  { "properties-twice", repeat_properties, 1, 1, IMSG_ERROR_CORRUPT_DATA },
  { "stream-twice", repeat_stream, 1, 1, IMSG_ERROR_CORRUPT_DATA },
  { "properties-are-a-storage", swap_properties, 0, 0, IMSG_ERROR_CORRUPT_DATA, TRUE },
  { "no-properties", remove_properties, 0, 0, IMSG_ERROR_CORRUPT_DATA, TRUE },
  { "stream-is-a-storage", swap_stream, 1, 1, IMSG_ERROR_NOT_FOUND },
  { "edited-stream-is-a-storage", swap_subject, 1, 1, IMSG_ERROR_NOT_FOUND },
  { "recipient-is-a-stream", swap_recipient, 0, 1, IMSG_ERROR_CORRUPT_DATA },
  { "names-are-a-stream", swap_names, 1, 1, 0 },
  { "no-names", remove_names, 1, 1, 0 },
  { "last-recipient", add_last_recipient, 2, 1, IMSG_ERROR_CORRUPT_DATA },
  { "last-attachment", add_last_attachment, 1, 2, IMSG_ERROR_CORRUPT_DATA },
};

static gboolean
has_problem (IMsgMessage *message,
             int          code)
{
  g_autoptr(GPtrArray) problems = imsg_message_list_problems (message);

  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s: %s", imsg_problem_get_where (problems->pdata[i]),
                    imsg_problem_get_text (problems->pdata[i]));
  for (guint i = 0; i < problems->len; i++)
    if ((int) imsg_problem_get_code (problems->pdata[i]) == code)
      return TRUE;
  return code == 0 && problems->len == 0;
}

static void
read_values (IMsgPropertyObject *object)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], &error);

      if (value == NULL)
        g_test_message ("0x%08X: %s", tags[i], error->message);
      g_assert_true (value == NULL || g_variant_is_normal_form (value));
    }
}

/* A recipient was added; nothing that was there is gone, but a stream that had its name. */
static void
check_saved (GBytes   *before,
             GBytes   *after,
             gboolean  takes_place)
{
  g_autoptr(IMsgDirectory) old = compound_open_bytes (before, NULL);
  g_autoptr(IMsgDirectory) new = compound_open_bytes (after, NULL);
  guint n_old = 0;
  guint n_new = 0;

  _imsg_directory_get_children (old, 0, &n_old);
  _imsg_directory_get_children (new, 0, &n_new);
  g_assert_cmpuint (n_new, >=, n_old + (takes_place ? 0 : 1));
}

static guint
find_name (IMsgMessage  *message,
           gboolean      create,
           GError      **error)
{
  return imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_PUBLIC_STRINGS,
                                            "Project", create, error);
}

/* A subject, and a property with a name of its own unless names cannot be read: others would be
 * lost with the first that is added. */
static void
edit (IMsgMessage *message,
      gboolean     has_names)
{
  g_autoptr(GError) error = NULL;
  guint id = find_name (message, TRUE, &error);

  if (!has_names)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      g_clear_error (&error);
    }
  else
    imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message),
                                  id << 16 | IMSG_PROPERTY_TYPE_LONG, 7, &error);
  g_assert_no_error (error);
  imsg_message_set_subject (message, "edited", &error);
  g_assert_no_error (error);
}

static void
assert_edited (GBytes   *bytes,
               gboolean  has_names)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  guint id = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "edited");
  id = find_name (message, FALSE, NULL);
  g_assert_true ((id != 0) == has_names);
  if (has_names)
    g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message),
                                                   id << 16 | IMSG_PROPERTY_TYPE_LONG), ==, 7);
}

static void
test_tree (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(CompoundTree) tree = make_tree ();
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;

  trees[i].change (tree);
  bytes = compound_tree_write (tree, 3, &error);
  g_assert_no_error (error);
  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  if (trees[i].fails)
    {
      g_assert_error (error, IMSG_ERROR, trees[i].code);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==,
                    trees[i].n_recipients);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (message)), ==,
                    trees[i].n_attachments);
  read_values (IMSG_PROPERTY_OBJECT (message));
  g_assert_true (has_problem (message, trees[i].code));

  edit (message, trees[i].change != swap_names);
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Bo", "b@example.org",
                                          &error);
  g_assert_no_error (error);
  g_assert_nonnull (recipient);
  saved = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  check_saved (bytes, saved, trees[i].n_recipients == 0);
  assert_edited (saved, trees[i].change != swap_names);
}

/* A file that is nested too deep can be copied as far as it is read. */
static void
test_copy_of_too_deep (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) copied = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorage) copy = imsg_storage_new_memory (0);
  g_autoptr(GPtrArray) problems = NULL;
  guint parent = 0;

  for (guint i = 0; i < 200; i++)
    {
      compound_tree_add_stream (tree, parent, "stream", 10, i);
      parent = compound_tree_add_storage (tree, parent, "storage");
    }
  bytes = compound_tree_write (tree, 3, &error);
  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  g_assert_no_error (error);
  problems = imsg_storage_list_problems (storage);
  g_assert_cmpint (imsg_problem_get_code (problems->pdata[0]), ==, IMSG_ERROR_TOO_COMPLEX);
  g_assert_true (imsg_storage_copy_to (storage, copy, &error));
  g_assert_no_error (error);
  copied = imsg_storage_write_to_bytes (copy, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (copied), >, 96 * 2 * 128);
}

#define AT_SIZE 0x78

/* Lets all streams of a name promise more bytes than their sectors have; returns how many. */
static guint
promise_more (guint8     *data,
              gsize       n_bytes,
              const char *name)
{
  guint8 wide[64] = { 0 };
  gsize n_wide = 2 * strlen (name) + 2;
  guint n = 0;

  for (gsize i = 0; name[i] != '\0'; i++)
    wide[2 * i] = (guint8) name[i];
  for (gsize at = 512; at + 128 <= n_bytes; at += 128)
    if (memcmp (data + at, wide, n_wide) == 0)
      {
        data[at + AT_SIZE + 1] += 3;
        n++;
      }
  return n;
}

static GBytes *
make_promises (const char *name,
               guint       n_streams)
{
  g_autoptr(CompoundTree) tree = make_tree ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) plain = compound_tree_write (tree, 3, &error);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GBytes) named = NULL;
  guint8 *data = NULL;
  gsize n_bytes = 0;

  g_assert_no_error (error);
  message = imsg_session_open_message_from_bytes (session, plain, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  edit (message, TRUE);
  named = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  data = g_bytes_unref_to_data (g_steal_pointer (&named), &n_bytes);
  g_assert_cmpuint (promise_more (data, n_bytes, name), ==, n_streams);
  return g_bytes_new_take (data, n_bytes);
}

/* Of what describes the others, too, that which is there is read. */
static void
test_cut_properties (void)
{
  g_autoptr(GBytes) bytes = make_promises (PROPERTIES, 4);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgMessage) embedded = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "edited");
  recipient = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Ann");
  attachment = g_list_model_get_item (imsg_message_get_attachments (message), 0);
  embedded = imsg_attachment_open_message (attachment, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (embedded), ==, "inner");
  g_assert_true (has_problem (message, IMSG_ERROR_CORRUPT_DATA));
}

/* Names are known as far as they go, and none is added: those that are missing have ids too. */
static void
test_cut_names (void)
{
  g_autoptr(GBytes) bytes = make_promises ("__substg1.0_00030102", 1);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (find_name (message, FALSE, &error), !=, 0);
  g_assert_no_error (error);
  g_assert_true (has_problem (message, IMSG_ERROR_CORRUPT_DATA));
  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_PUBLIC_STRINGS,
                                     "Another", TRUE, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

/* Five of one name, of 10 to 14 bytes */
static IMsgStorage *
open_five (void)
{
  g_autoptr(CompoundTree) tree = compound_tree_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage = NULL;

  for (guint i = 0; i < 5; i++)
    compound_tree_add_stream (tree, 0, "same", 10 + i, i);
  bytes = compound_tree_write (tree, 3, &error);
  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_assert_no_error (error);
  return storage;
}

/* What is in it once it was written, and how many streams that are */
static char *
list_written (IMsgStorage *storage,
              guint       *n_streams)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_autoptr(IMsgDirectory) directory = NULL;

  g_assert_no_error (error);
  directory = compound_open_bytes (bytes, &error);
  g_assert_no_error (error);
  return compound_list (directory, n_streams);
}

/* Of two with one name it is always the first: an edit of it leaves the second what it was. */
static void
test_first_of_two (void)
{
  g_autoptr(IMsgStorage) storage = open_five ();
  g_autoptr(GBytes) text = g_bytes_new_static ("edited", 6);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) first = imsg_storage_read_stream (storage, "same", NULL, &error);
  g_autofree char *list = NULL;
  guint n_whole = 0;

  /* Another member makes it a storage that is changed. */
  imsg_storage_write_stream (storage, "other", text, &error);
  g_assert_no_error (error);
  {
    g_autoptr(GBytes) again = imsg_storage_read_stream (storage, "same", NULL, &error);

    g_assert_true (g_bytes_equal (first, again));
  }
  imsg_storage_write_stream (storage, "same", text, &error);
  g_assert_no_error (error);
  list = list_written (storage, &n_whole);
  g_assert_cmpuint (n_whole, ==, 6);
  for (guint n_bytes = 10; n_bytes < 15; n_bytes++)
    {
      g_autofree char *size = g_strdup_printf ("same\t%u\t", n_bytes);

      if (n_bytes == g_bytes_get_size (first))
        g_assert_null (strstr (list, size));
      else
        g_assert_nonnull (strstr (list, size));
    }
}

/* All of them are copied, in place of what is there, and the first of them is that of the copy. */
static void
test_copy_of_two (void)
{
  g_autoptr(IMsgStorage) storage = open_five ();
  g_autoptr(IMsgStorage) copy = imsg_storage_new_memory (0);
  g_autoptr(GBytes) text = g_bytes_new_static ("replaced", 8);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) first = imsg_storage_read_stream (storage, "same", NULL, &error);
  g_autofree char *list = list_written (storage, NULL);

  imsg_storage_write_stream (copy, "same", text, &error);
  g_assert_no_error (error);
  /* Over a stream of that name, and into a storage that is empty */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GBytes) again = NULL;
      g_autofree char *copied = NULL;

      g_assert_true (imsg_storage_copy_to (storage, copy, &error));
      again = imsg_storage_read_stream (copy, "same", NULL, &error);
      g_assert_true (g_bytes_equal (first, again));
      copied = list_written (copy, NULL);
      g_assert_cmpstr (copied, ==, list);
      g_clear_object (&copy);
      copy = imsg_storage_new_memory (0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/hostile-tree/", trees[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_tree);
    }
  g_test_add_func ("/imsg/hostile-tree/cut-properties", test_cut_properties);
  g_test_add_func ("/imsg/hostile-tree/cut-names", test_cut_names);
  g_test_add_func ("/imsg/hostile-tree/first-of-two", test_first_of_two);
  g_test_add_func ("/imsg/hostile-tree/copy-of-two", test_copy_of_two);
  g_test_add_func ("/imsg/hostile-tree/copy-of-too-deep", test_copy_of_too_deep);
  return g_test_run ();
}
