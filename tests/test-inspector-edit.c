/* test-inspector-edit.c - edits of real messages, undone and done again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-comparison.h"
#include "inspector-edit.h"
#include "inspector-example.h"
#include "inspector-export.h"
#include "inspector-file-risk.h"
#include "inspector-html-scan.h"
#include "inspector-name-uses.h"
#include "inspector-node.h"
#include "inspector-property-text.h"
#include "inspector-recipient-list.h"
#include "inspector-stream-node.h"
#include "inspector-view.h"

#include <glib/gstdio.h>

typedef struct
{
  IMsgSession      *session;
  IMsgMessage      *message;
  InspectorHistory *history;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->session = imsg_session_new ();
  fixture->history = inspector_history_new ();
  fixture->message = inspector_example_create (fixture->session, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->history);
  g_clear_object (&fixture->message);
  imsg_session_close (fixture->session);
  g_clear_object (&fixture->session);
}

static void
undo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  inspector_history_undo (fixture->history, &error);
  g_assert_no_error (error);
}

static void
redo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  inspector_history_redo (fixture->history, &error);
  g_assert_no_error (error);
}

static char *
describe (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  char *json = imsg_message_to_json (fixture->message, IMSG_JSON_BODIES, NULL, &error);

  g_assert_no_error (error);
  return json;
}

static void
test_value (Fixture       *fixture,
            gconstpointer  data)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  g_autoptr(GError) error = NULL;

  g_assert_true (inspector_edit_set_value (fixture->history, object, IMSG_PR_IMPORTANCE,
                                           g_variant_new_int32 (0), &error));
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 0);
  undo (fixture);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 2);
  redo (fixture);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 0);

  inspector_history_stop_merging (fixture->history);
  g_assert_true (inspector_edit_delete_value (fixture->history, object, IMSG_PR_IMPORTANCE,
                                              &error));
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_IMPORTANCE));
  undo (fixture);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_IMPORTANCE), ==, 0);

  /* A property that was not there is not there again */
  g_assert_true (inspector_edit_set_value (fixture->history, object, IMSG_PR_SENSITIVITY,
                                           g_variant_new_int32 (3), &error));
  undo (fixture);
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_SENSITIVITY));
}

static void
test_attributes (Fixture       *fixture,
                 gconstpointer  data)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  IMsgPropertyAttributes before =
    imsg_property_object_get_attributes (object, IMSG_PR_IMPORTANCE, NULL);
  g_autoptr(GError) error = NULL;

  inspector_edit_set_attributes (fixture->history, object, IMSG_PR_IMPORTANCE,
                                 IMSG_PROPERTY_ATTRIBUTES_READABLE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_property_object_get_attributes (object, IMSG_PR_IMPORTANCE, NULL), ==,
                    IMSG_PROPERTY_ATTRIBUTES_READABLE);
  undo (fixture);
  g_assert_cmpuint (imsg_property_object_get_attributes (object, IMSG_PR_IMPORTANCE, NULL), ==,
                    before);
}

static void
test_subject (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *before = describe (fixture);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (inspector_edit_set_subject (fixture->history, fixture->message, "Re: changed",
                                             &error));
  g_assert_cmpstr (imsg_message_get_subject (fixture->message), ==, "Re: changed");
  undo (fixture);
  after = describe (fixture);
  g_assert_cmpstr (after, ==, before);
}

static void
test_recipients (Fixture       *fixture,
                 gconstpointer  data)
{
  GListModel *list = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (list, 0);
  g_autoptr(IMsgRecipient) again = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (inspector_edit_add_recipient (fixture->history, fixture->message,
                                               IMSG_RECIPIENT_TYPE_BCC, "Dora",
                                               "dora@example.org", &error));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);
  undo (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  redo (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);

  g_assert_true (inspector_edit_set_recipient (fixture->history, first, IMSG_RECIPIENT_TYPE_CC,
                                               "Ada Changed", "ada2@example.org", &error));
  g_assert_cmpstr (imsg_recipient_get_name (first), ==, "Ada Changed");
  g_assert_true (inspector_edit_remove_recipient (fixture->history, first, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);

  /* The row comes back as another object, in its place, and the older steps find it */
  undo (fixture);
  again = g_list_model_get_item (list, 0);
  g_assert_cmpstr (imsg_recipient_get_name (again), ==, "Ada Changed");
  undo (fixture);
  g_assert_cmpstr (imsg_recipient_get_name (again), ==, "Ada Example");
  g_assert_cmpstr (imsg_recipient_get_address (again), ==, "ada@example.org");
  g_assert_cmpint (imsg_recipient_get_recipient_type (again), ==, IMSG_RECIPIENT_TYPE_TO);
}

/* What identifies a recipient is written anew from its name and address */
static void
test_resolve (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecipient) recipient = imsg_message_create_recipient (fixture->message, &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);

  g_assert_no_error (error);
  imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "Eve", &error);
  imsg_property_object_set_string (object, IMSG_PR_EMAIL_ADDRESS, "eve@example.org", &error);
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_ENTRYID));

  g_assert_true (inspector_edit_resolve_recipient (fixture->history, recipient, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_has_value (object, IMSG_PR_ENTRYID));
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "eve@example.org");
  undo (fixture);
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_ENTRYID));
}

/* (transfer full): a recipient of which only what is given is stored */
static IMsgRecipient *
add_recipient (Fixture    *fixture,
               const char *name,
               const char *type,
               const char *address)
{
  g_autoptr(GError) error = NULL;
  IMsgRecipient *recipient = imsg_message_create_recipient (fixture->message, &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);

  imsg_property_object_set_int (object, IMSG_PR_RECIPIENT_TYPE, IMSG_RECIPIENT_TYPE_TO, &error);
  imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, name, &error);
  if (address != NULL)
    {
      imsg_property_object_set_string (object, IMSG_PR_ADDRTYPE, type, &error);
      imsg_property_object_set_string (object, IMSG_PR_EMAIL_ADDRESS, address, &error);
    }
  g_assert_no_error (error);
  return recipient;
}

/* Who types another name changes the name, and not how the address is read */
static void
test_exchange_recipient (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(IMsgRecipient) recipient = add_recipient (fixture, "Eve", "EX", "/o=x/cn=eve");
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);
  g_autofree char *before = describe (fixture);
  g_autofree char *undone = NULL;
  g_autoptr(GError) error = NULL;

  inspector_edit_set_recipient (fixture->history, recipient, IMSG_RECIPIENT_TYPE_TO, "Eva",
                                imsg_recipient_get_address (recipient), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Eva");
  g_assert_cmpstr (imsg_recipient_get_address_type (recipient), ==, "EX");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "/o=x/cn=eve");
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_SMTP_ADDRESS));
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_ENTRYID));

  /* Resolved, it has an entry id, which from then on has the name as well */
  inspector_edit_resolve_recipient (fixture->history, recipient, &error);
  inspector_edit_set_recipient (fixture->history, recipient, IMSG_RECIPIENT_TYPE_TO, "Evi",
                                imsg_recipient_get_address (recipient), &error);
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_has_value (object, IMSG_PR_ENTRYID));
  g_assert_cmpstr (imsg_recipient_get_address_type (recipient), ==, "EX");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "/o=x/cn=eve");
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_SMTP_ADDRESS));

  undo (fixture);
  undo (fixture);
  undo (fixture);
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, before);
}

/* No address stays no address; one that is typed, and taken away again, leaves nothing */
static void
test_recipient_without_address (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(IMsgRecipient) recipient = add_recipient (fixture, "Eve", NULL, NULL);
  GListModel *list = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgRecipient) added = NULL;
  const struct { const char *name, *address; } steps[] = {
    { "Eva", "" }, { "Eva", "eva@example.org" }, { "Evi", NULL },
  };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean has_address = steps[i].address != NULL && *steps[i].address != '\0';

      inspector_edit_set_recipient (fixture->history, recipient, IMSG_RECIPIENT_TYPE_CC,
                                    steps[i].name, steps[i].address, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, steps[i].name);
      g_assert_true ((imsg_recipient_get_address (recipient) != NULL) == has_address);
      g_assert_true ((imsg_recipient_get_address_type (recipient) != NULL) == has_address);
      g_assert_true (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (recipient),
                                                     IMSG_PR_ENTRYID) == has_address);
    }

  inspector_edit_add_recipient (fixture->history, fixture->message, IMSG_RECIPIENT_TYPE_TO, "Fay",
                                "", &error);
  g_assert_no_error (error);
  added = g_list_model_get_item (list, g_list_model_get_n_items (list) - 1);
  g_assert_cmpstr (imsg_recipient_get_name (added), ==, "Fay");
  g_assert_null (imsg_recipient_get_address (added));
}

/* What comes back has what it had, and nothing more */
static void
test_removed_recipient (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(IMsgRecipient) bare = add_recipient (fixture, "Eve", NULL, NULL);
  g_autoptr(IMsgRecipient) exchange = add_recipient (fixture, "Fay", "EX", "/o=x/cn=fay");
  IMsgRecipient *recipients[] = { bare, exchange };
  g_autofree char *before = describe (fixture);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (recipients); i++)
    {
      g_autofree char *undone = NULL;

      inspector_edit_remove_recipient (fixture->history, recipients[i], &error);
      g_assert_no_error (error);
      undo (fixture);
      undone = describe (fixture);
      g_assert_cmpstr (undone, ==, before);
    }
}

static void
test_replaced_attachment (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp ("imsg-XXXXXX.txt", &stream, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (fixture->message, &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("old", 3);
  guint id = imsg_property_object_resolve_name (object, "PS_PUBLIC_STRINGS", "note", TRUE, NULL);
  g_autofree char *before = NULL;
  g_autofree char *undone = NULL;

  imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "Notes", &error);
  imsg_property_object_set_string (object, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id),
                                   "named", &error);
  imsg_property_object_set_int (object, IMSG_PR_ATTACH_METHOD, IMSG_ATTACHMENT_METHOD_BY_VALUE,
                                &error);
  imsg_property_object_set_bytes (object, IMSG_PR_ATTACH_DATA_BIN, bytes, &error);
  g_assert_no_error (error);
  before = describe (fixture);

  inspector_edit_replace_attachment (fixture->history, attachment, file, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_has_value (object, IMSG_PR_ATTACH_LONG_FILENAME));
  undo (fixture);
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, before);
  g_file_delete (file, NULL, NULL);
}

static void
test_name_uses (Fixture       *fixture,
                gconstpointer  data)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  GListModel *recipients = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgPropertyObject) first = g_list_model_get_item (recipients, 0);
  g_autoptr(InspectorNameUses) uses = NULL;
  g_autoptr(GError) error = NULL;
  guint both = imsg_property_object_resolve_name (object, "PS_PUBLIC_STRINGS", "both", TRUE, NULL);
  guint none = imsg_property_object_resolve_name (object, "PS_PUBLIC_STRINGS", "none", TRUE, NULL);
  guint32 tag = imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, both);
  g_autofree char *text = NULL;
  g_autofree char *empty = NULL;

  imsg_property_object_set_string (object, tag, "x", &error);
  imsg_property_object_set_string (first, tag, "x", &error);
  g_assert_no_error (error);
  uses = inspector_name_uses_new (fixture->message);
  text = inspector_name_uses_dup_text (uses, both);
  empty = inspector_name_uses_dup_text (uses, none);
  g_assert_cmpstr (text, ==, "message, 1 recipient");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_move (Fixture       *fixture,
           gconstpointer  data)
{
  GListModel *list = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (list, 0);
  g_autoptr(IMsgRecipient) now = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (inspector_edit_move_recipient (fixture->history, first, 1, &error));
  now = g_list_model_get_item (list, 1);
  g_assert_true (now == first);
  g_assert_false (inspector_edit_move_recipient (fixture->history, first, 1, NULL));
  undo (fixture);
  g_clear_object (&now);
  now = g_list_model_get_item (list, 0);
  g_assert_true (now == first);
}

static void
test_attachments (Fixture       *fixture,
                  gconstpointer  data)
{
  GListModel *list = imsg_message_get_attachments (fixture->message);
  guint n_before = g_list_model_get_n_items (list);
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp ("imsg-XXXXXX.txt", &stream, NULL);
  g_autoptr(IMsgAttachment) embedding = NULL;
  g_autoptr(IMsgAttachment) restored = NULL;
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_replace_contents (file, "abc", 3, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                          NULL, NULL));
  inspector_edit_add_attachment (fixture->history, fixture->message, file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_before + 1);
  undo (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_before);
  g_file_delete (file, NULL, NULL);
  redo (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n_before + 1);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgAttachment) item = g_list_model_get_item (list, i);

      if (imsg_attachment_get_method (item) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
        g_set_object (&embedding, item);
    }
  g_assert_nonnull (embedding);
  inspector_edit_remove_attachment (fixture->history, embedding, &error);
  g_assert_no_error (error);
  undo (fixture);
  restored = g_list_model_get_item (list, g_list_model_get_n_items (list) - 1);
  embedded = imsg_attachment_open_message (restored, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (embedded), ==, "The first draft");
}

static void
test_save_and_revert (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("imsg-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.msg", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  g_autoptr(GError) error = NULL;

  imsg_message_save_as (fixture->message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  inspector_edit_note_save (fixture->message);
  inspector_history_mark_saved (fixture->history);
  g_assert_false (imsg_property_object_is_modified (object));

  /* Undoing back to what is saved leaves nothing to save */
  inspector_edit_set_value (fixture->history, object, IMSG_PR_IMPORTANCE, g_variant_new_int32 (0),
                            &error);
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_modified (object));
  undo (fixture);
  g_assert_false (imsg_property_object_is_modified (object));
  g_assert_true (inspector_history_is_saved (fixture->history));
  g_file_delete (file, NULL, NULL);
  g_rmdir (folder);
}

/* That another message is saved leaves the way back to this one's file as it was */
static void
test_save_of_another (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp (NULL, &stream, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) other = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);

  imsg_message_save_as (fixture->message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  inspector_edit_note_save (fixture->message);
  inspector_edit_set_value (fixture->history, object, IMSG_PR_IMPORTANCE, g_variant_new_int32 (0),
                            &error);
  g_assert_no_error (error);
  inspector_edit_note_save (other);
  undo (fixture);
  g_assert_false (imsg_property_object_is_modified (object));
  g_file_delete (file, NULL, NULL);
}

/* A recipient that came back is another object, of which the file has nothing: older edits of it
 * are undone all the same */
static void
test_stored_row_again (Fixture       *fixture,
                       gconstpointer  data)
{
  GListModel *list = imsg_message_get_recipients (fixture->message);
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp (NULL, &stream, NULL);
  g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (list, 0);
  g_autoptr(IMsgRecipient) again = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_save_as (fixture->message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  inspector_edit_set_recipient (fixture->history, recipient, IMSG_RECIPIENT_TYPE_TO, "Ada Changed",
                                imsg_recipient_get_address (recipient), &error);
  inspector_edit_remove_recipient (fixture->history, recipient, &error);
  g_assert_no_error (error);
  undo (fixture);
  undo (fixture);
  again = g_list_model_get_item (list, 0);
  g_assert_cmpstr (imsg_recipient_get_name (again), ==, "Ada Example");
  g_file_delete (file, NULL, NULL);
}

static void
test_tree (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GListModel) roots = NULL;
  g_autoptr(InspectorNode) root = NULL;
  g_autoptr(InspectorNode) attachments = NULL;
  g_autoptr(InspectorNode) embedding = NULL;
  g_autoptr(InspectorNode) embedded = NULL;
  guint n_attachments;

  roots = inspector_node_list_messages (imsg_session_get_messages (fixture->session));
  g_assert_cmpuint (g_list_model_get_n_items (roots), ==, 1);
  root = g_list_model_get_item (roots, 0);
  g_assert_cmpint (inspector_node_get_kind (root), ==, INSPECTOR_NODE_MESSAGE);
  g_assert_cmpuint (g_list_model_get_n_items (inspector_node_get_children (root)), ==, 2);
  attachments = g_list_model_get_item (inspector_node_get_children (root), 1);
  n_attachments = inspector_node_get_count (attachments);
  g_assert_cmpuint (n_attachments, ==, 2);
  embedding = g_list_model_get_item (inspector_node_get_children (attachments), 1);
  embedded = g_list_model_get_item (inspector_node_get_children (embedding), 0);
  g_assert_cmpint (inspector_node_get_kind (embedded), ==, INSPECTOR_NODE_MESSAGE);
  g_assert_cmpstr (inspector_node_get_title (embedded), ==, "The first draft");
  g_assert_true (inspector_node_matches (root, "things to try") ||
                 inspector_node_matches (root, "try things"));
  g_assert_false (inspector_node_matches (root, "no such text"));
}

static void
test_compare (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GtkStringList) rows = gtk_string_list_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) other = inspector_example_create (fixture->session, &error);

  g_assert_cmpuint (inspector_compare_messages (fixture->message, fixture->message, FALSE, rows, NULL),
                    ==, 0);
  g_assert_true (imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (other), IMSG_PR_SENSITIVITY, 2,
                                               &error));
  g_assert_cmpuint (inspector_compare_messages (fixture->message, other, FALSE, rows, NULL), >=, 1);
}

static void
test_export (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const suffixes[] = { "eml", "txt", "html", "json", "msg", "oft" };
  g_autofree char *folder = g_dir_make_tmp ("imsg-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = inspector_export_suggest_name (fixture->message, suffixes[i]);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) losses = NULL;

      inspector_export_message (fixture->message, file, NULL, &losses, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_query_exists (file, NULL));
      if (g_str_equal (suffixes[i], "oft"))
        {
          g_autoptr(IMsgMessage) copy = imsg_message_open_file (file, 0, NULL, &error);

          g_assert_no_error (error);
          g_assert_true (imsg_message_is_template (copy));
        }
      g_file_delete (file, NULL, NULL);
    }
  /* Nothing else was left there */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What is there stays until an export is whole, and one that was given up leaves nothing. */
static void
test_export_cancelled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("imsg-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "old.eml", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (inspector_export_message (fixture->message, file, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "old");
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Bytes that are no text of the code page, and the NUL that some programs store behind a text */
static void
test_bytes_of_a_row (void)
{
  static const guint8 name[] = { 0x82, 0xA0, 0x81, 0x00 };
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, &error);
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(IMsgRecipient) restored = NULL;
  g_autoptr(GOutputStream) stream = NULL;
  g_autoptr(GBytes) bytes = NULL;
  guint32 tag = imsg_property_tag (IMSG_PROPERTY_TYPE_STRING8,
                                   imsg_property_tag_get_id (IMSG_PR_DISPLAY_NAME));

  g_assert_no_error (error);
  imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), IMSG_PR_MESSAGE_CODEPAGE,
                                  g_variant_new_int32 (932), &error);
  g_assert_no_error (error);
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "x", NULL, &error);
  g_assert_no_error (error);
  stream = imsg_property_object_replace_stream (IMSG_PROPERTY_OBJECT (recipient), tag, NULL,
                                                &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, name, sizeof name, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (stream, NULL, &error));

  g_assert_true (inspector_edit_remove_recipient (history, recipient, &error));
  g_assert_true (inspector_history_undo (history, &error));
  g_assert_no_error (error);
  restored = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  bytes = imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (restored), tag, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), name, sizeof name);
}

static void
test_words (void)
{
  g_autofree char *plain = inspector_property_dup_plain_name ("PidTagNormalizedSubject");
  g_autofree char *short_word = inspector_property_dup_plain_name ("PidTagRtfInSync");
  g_autofree char *meaning = inspector_stream_name_to_meaning ("__substg1.0_0037001F");
  g_autofree char *other = inspector_stream_name_to_meaning ("__substg1.0_zzzzzzzz");

  g_assert_cmpstr (plain, ==, "Normalized subject");
  g_assert_cmpstr (short_word, ==, "Rtf in sync");
  g_assert_cmpstr (meaning, ==, "PR_SUBJECT");
  g_assert_cmpstr (other, ==, "");
}

static void
test_risk (void)
{
  g_assert_nonnull (inspector_file_get_risk ("invoice.pdf.exe", NULL));
  g_assert_nonnull (inspector_file_get_risk ("Setup.EXE", NULL));
  g_assert_nonnull (inspector_file_get_risk ("a\xe2\x80\xae" "fdp.exe", NULL));
  g_assert_nonnull (inspector_file_get_risk ("book.xlsm", NULL));
  g_assert_null (inspector_file_get_risk ("report.pdf", "application/pdf"));
  g_assert_null (inspector_file_get_risk ("exe", NULL));
  g_assert_null (inspector_file_get_risk (NULL, NULL));
}

static void
test_remote (void)
{
  g_assert_cmpuint (inspector_html_count_remote ("<img src='http://a/b'><img src=cid:x>"), ==, 1);
  g_assert_cmpuint (inspector_html_count_remote ("<td background = \"https://a\">"), ==, 1);
  g_assert_cmpuint (inspector_html_count_remote ("a{background:URL( 'http://a')}"), ==, 1);
  g_assert_cmpuint (inspector_html_count_remote ("<a href='http://a'>src=</a>"), ==, 0);
  g_assert_cmpuint (inspector_html_count_remote ("url( src= "), ==, 0);
}

static void
test_people (void)
{
  g_autoptr(GPtrArray) people = inspector_recipient_list_parse (
    "\"Doe, Jane\" <jane@example.org>; bob@example.org\nnobody, <x@y>");
  const InspectorPerson *person = NULL;

  g_assert_cmpuint (people->len, ==, 3);
  person = g_ptr_array_index (people, 0);
  g_assert_cmpstr (person->name, ==, "Doe, Jane");
  g_assert_cmpstr (person->address, ==, "jane@example.org");
  person = g_ptr_array_index (people, 1);
  g_assert_cmpstr (person->address, ==, "bob@example.org");
  person = g_ptr_array_index (people, 2);
  g_assert_cmpstr (person->name, ==, "");
}

/* Bytes that are no text go in and out as they are, also by undoing a later edit */
static void
test_text_bytes (Fixture       *fixture,
                 gconstpointer  data)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("\x48\x00\x3D\xD8", 4);
  g_autoptr(GBytes) stored = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autofree char *before = describe (fixture);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  inspector_edit_set_text_bytes (fixture->history, object, IMSG_PR_BODY, bytes, &error);
  g_assert_no_error (error);
  stored = imsg_property_object_get_raw (object, IMSG_PR_BODY, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (stored, bytes));

  inspector_edit_set_value (fixture->history, object, IMSG_PR_BODY, g_variant_new_string ("Text"),
                            &error);
  g_assert_no_error (error);
  undo (fixture);
  again = imsg_property_object_get_raw (object, IMSG_PR_BODY, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (again, bytes));
  undo (fixture);
  after = describe (fixture);
  g_assert_cmpstr (after, ==, before);
}

static void
test_revert_all (Fixture       *fixture,
                 gconstpointer  data)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (fixture->message);
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp (NULL, &stream, NULL);
  g_autofree char *before = NULL;
  g_autofree char *edited = NULL;
  g_autofree char *reverted = NULL;
  g_autofree char *undone = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_save_as (fixture->message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  before = describe (fixture);
  inspector_edit_set_value (fixture->history, object, IMSG_PR_BODY, g_variant_new_string ("Text"),
                            &error);
  inspector_edit_set_value (fixture->history, object, IMSG_PR_IMPORTANCE, g_variant_new_int32 (0),
                            &error);
  g_assert_no_error (error);
  edited = describe (fixture);

  inspector_edit_revert_all (fixture->history, object, &error);
  g_assert_no_error (error);
  reverted = describe (fixture);
  g_assert_cmpstr (reverted, ==, before);
  undo (fixture);
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, edited);
  g_file_delete (file, NULL, NULL);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*func) (Fixture *, gconstpointer); } tests[] = {
    { "/imsg/inspector/edit/value", test_value },
    { "/imsg/inspector/edit/attributes", test_attributes },
    { "/imsg/inspector/edit/subject", test_subject },
    { "/imsg/inspector/edit/recipients", test_recipients },
    { "/imsg/inspector/edit/resolve", test_resolve },
    { "/imsg/inspector/edit/exchange-recipient", test_exchange_recipient },
    { "/imsg/inspector/edit/recipient-without-address", test_recipient_without_address },
    { "/imsg/inspector/edit/removed-recipient", test_removed_recipient },
    { "/imsg/inspector/edit/replaced-attachment", test_replaced_attachment },
    { "/imsg/inspector/name-uses", test_name_uses },
    { "/imsg/inspector/edit/move", test_move },
    { "/imsg/inspector/edit/attachments", test_attachments },
    { "/imsg/inspector/edit/save-and-revert", test_save_and_revert },
    { "/imsg/inspector/edit/save-of-another", test_save_of_another },
    { "/imsg/inspector/edit/stored-row-again", test_stored_row_again },
    { "/imsg/inspector/edit/text-bytes", test_text_bytes },
    { "/imsg/inspector/edit/revert-all", test_revert_all },
    { "/imsg/inspector/tree", test_tree },
    { "/imsg/inspector/compare", test_compare },
    { "/imsg/inspector/export", test_export },
    { "/imsg/inspector/export/cancelled", test_export_cancelled },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/imsg/inspector/edit/bytes-of-a-row", test_bytes_of_a_row);
  g_test_add_func ("/imsg/inspector/words", test_words);
  g_test_add_func ("/imsg/inspector/risk", test_risk);
  g_test_add_func ("/imsg/inspector/remote", test_remote);
  g_test_add_func ("/imsg/inspector/people", test_people);
  return g_test_run ();
}
