/* test-table.c - tables: rows, order, position, bookmarks, and what they tell
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>

typedef struct
{
  IMsgSession *session;
  IMsgMessage *message;
  IMsgTable   *table;
  GString     *events;
} Fixture;

static void
row_added_cb (IMsgTable          *table,
              IMsgPropertyObject *row,
              IMsgPropertyObject *prior,
              gpointer            user_data)
{
  g_string_append_printf (user_data, "+%s%s%s ", imsg_recipient_get_name (IMSG_RECIPIENT (row)),
                          prior != NULL ? ">" : "",
                          prior != NULL ? imsg_recipient_get_name (IMSG_RECIPIENT (prior)) : "");
}

static void
row_modified_cb (IMsgTable          *table,
                 IMsgPropertyObject *row,
                 IMsgPropertyObject *prior,
                 gpointer            user_data)
{
  g_string_append (user_data, "* ");
}

static void
row_deleted_cb (IMsgTable          *table,
                IMsgPropertyObject *row,
                gboolean            removed,
                gpointer            user_data)
{
  g_string_append (user_data, removed ? "- " : "< ");
}

static void
changed_cb (IMsgTable *table,
            gpointer   user_data)
{
  g_string_append (user_data, "! ");
}

static void
add (Fixture           *fixture,
     IMsgRecipientType  type,
     const char        *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *address = g_strdup_printf ("%s@example.org", name);

  imsg_message_add_recipient (fixture->message, type, name, address, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->session = imsg_session_new ();
  fixture->message = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  g_assert_no_error (error);
  add (fixture, IMSG_RECIPIENT_TYPE_TO, "dora");
  add (fixture, IMSG_RECIPIENT_TYPE_CC, "Anna");
  add (fixture, IMSG_RECIPIENT_TYPE_TO, "carl");
  add (fixture, IMSG_RECIPIENT_TYPE_BCC, "Bert");
  fixture->table = imsg_message_get_recipient_table (fixture->message, &error);
  g_assert_no_error (error);
  fixture->events = g_string_new (NULL);
  g_signal_connect (fixture->table, "row-added", G_CALLBACK (row_added_cb), fixture->events);
  g_signal_connect (fixture->table, "row-modified", G_CALLBACK (row_modified_cb), fixture->events);
  g_signal_connect (fixture->table, "row-deleted", G_CALLBACK (row_deleted_cb), fixture->events);
  g_signal_connect (fixture->table, "changed", G_CALLBACK (changed_cb), fixture->events);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->table);
  imsg_session_close (fixture->session);
  g_object_unref (fixture->message);
  g_object_unref (fixture->session);
  g_string_free (fixture->events, TRUE);
}

static char *
names (IMsgTable *table)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (table)); i++)
    {
      g_autoptr(IMsgRecipient) row = g_list_model_get_item (G_LIST_MODEL (table), i);

      g_string_append_printf (text, "%s ", imsg_recipient_get_name (row));
    }
  return g_string_free (text, FALSE);
}

#define ASSERT_NAMES(expected)                                                                      \
  do                                                                                                \
    {                                                                                               \
      g_autofree char *found = names (fixture->table);                                              \
      g_assert_cmpstr (found, ==, expected);                                                        \
      g_assert_cmpuint (imsg_table_get_n_rows (fixture->table), ==,                                 \
                        g_list_model_get_n_items (G_LIST_MODEL (fixture->table)));                  \
    }                                                                                               \
  while (0)

static void
restrict_to (Fixture    *fixture,
             const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRestriction) restriction =
    text != NULL ? imsg_restriction_parse (text, &error) : NULL;

  g_assert_no_error (error);
  g_assert_true (imsg_table_restrict (fixture->table, restriction, &error));
  g_assert_no_error (error);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  guint32 tags[] = { IMSG_PR_RECIPIENT_TYPE, IMSG_PR_DISPLAY_NAME };
  gboolean descending[] = { TRUE, FALSE };
  guint32 several = 0x6800101F;
  g_autoptr(GError) error = NULL;

  ASSERT_NAMES ("dora Anna carl Bert ");
  g_assert_true (imsg_table_sort (fixture->table, &tags[1], 1, NULL, 0, &error));
  ASSERT_NAMES ("Anna Bert carl dora ");
  g_assert_true (imsg_table_sort (fixture->table, tags, 2, descending, 2, &error));
  ASSERT_NAMES ("Bert Anna carl dora ");
  g_assert_false (imsg_table_sort (fixture->table, &several, 1, NULL, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  ASSERT_NAMES ("Bert Anna carl dora ");
  g_assert_true (imsg_table_sort (fixture->table, NULL, 0, NULL, 0, NULL));
  ASSERT_NAMES ("dora Anna carl Bert ");
}

static void
test_missing_last (Fixture       *fixture,
                   gconstpointer  data)
{
  guint32 tag = 0x68000003;
  gboolean descending = TRUE;
  g_autoptr(IMsgPropertyObject) row =
    g_list_model_get_item (G_LIST_MODEL (fixture->table), 2);
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_int (row, tag, 5, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_table_sort (fixture->table, &tag, 1, NULL, 0, &error));
  ASSERT_NAMES ("carl dora Anna Bert ");
  g_assert_true (imsg_table_sort (fixture->table, &tag, 1, &descending, 1, &error));
  ASSERT_NAMES ("carl dora Anna Bert ");
}

static void
test_restrict (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRestriction) sub = imsg_restriction_parse ("recipients(exists(PR_SUBJECT))", NULL);
  g_autoptr(IMsgRestriction) leaf = imsg_restriction_new_exist (IMSG_PR_DISPLAY_NAME);
  g_autoptr(IMsgRestriction) count = imsg_restriction_new_count (2, leaf);

  restrict_to (fixture, "PR_RECIPIENT_TYPE = 1");
  ASSERT_NAMES ("dora carl ");
  g_assert_false (imsg_table_restrict (fixture->table, sub, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  ASSERT_NAMES ("dora carl ");
  g_assert_true (imsg_table_restrict (fixture->table, count, NULL));
  ASSERT_NAMES ("dora Anna ");
  restrict_to (fixture, NULL);
  ASSERT_NAMES ("dora Anna carl Bert ");
}

static void
test_position (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;
  int moved = 0;

  rows = imsg_table_query_rows (fixture->table, 3, IMSG_TABLE_QUERY_ADVANCE, &error);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 3);
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = imsg_table_query_rows (fixture->table, 3, IMSG_TABLE_QUERY_ADVANCE, &error);
  g_assert_cmpuint (rows->len, ==, 1);
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = imsg_table_query_rows (fixture->table, 3, IMSG_TABLE_QUERY_ADVANCE, &error);
  g_assert_cmpuint (rows->len, ==, 0);
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = imsg_table_query_rows (fixture->table, -2, IMSG_TABLE_QUERY_NO_ADVANCE, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (imsg_recipient_get_name (rows->pdata[0]), ==, "carl");
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 2);
  g_assert_null (imsg_table_query_rows (fixture->table, 0, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);

  g_assert_true (imsg_table_seek (fixture->table, IMSG_BOOKMARK_END, -10, &moved, NULL, NULL));
  g_assert_cmpint (moved, ==, -4);
  g_assert_true (imsg_table_seek (fixture->table, IMSG_BOOKMARK_CURRENT, 2, &moved, NULL, NULL));
  g_assert_cmpint (moved, ==, 2);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 2);
}

static void
test_find (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(IMsgRestriction) to = imsg_restriction_parse ("PR_RECIPIENT_TYPE = 1", NULL);
  g_autoptr(IMsgRestriction) none = imsg_restriction_parse ("PR_RECIPIENT_TYPE = 9", NULL);
  g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (fixture->table), 3);
  g_autoptr(GVariant) key = NULL;
  g_autoptr(IMsgRestriction) by_key = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_table_find (fixture->table, to, IMSG_BOOKMARK_BEGINNING, 0, NULL, &error));
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);
  imsg_table_seek (fixture->table, IMSG_BOOKMARK_CURRENT, 1, NULL, NULL, NULL);
  g_assert_true (imsg_table_find (fixture->table, to, IMSG_BOOKMARK_CURRENT, 0, NULL, &error));
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 2);
  g_assert_true (imsg_table_find (fixture->table, to, IMSG_BOOKMARK_CURRENT,
                                  IMSG_TABLE_FIND_BACKWARD, NULL, &error));
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);
  g_assert_false (imsg_table_find (fixture->table, none, IMSG_BOOKMARK_BEGINNING, 0, NULL,
                                   &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);

  key = imsg_table_get_row_value (fixture->table, row, IMSG_PR_INSTANCE_KEY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_get_size (key), ==, 16);
  by_key = imsg_restriction_new_property (IMSG_PR_INSTANCE_KEY, IMSG_RELATION_EQ,
                                          IMSG_PR_INSTANCE_KEY, key);
  g_assert_true (imsg_table_find (fixture->table, by_key, IMSG_BOOKMARK_BEGINNING, 0, NULL,
                                  &error));
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 3);
}

static void
remove_row (Fixture *fixture,
            guint    index)
{
  g_autoptr(IMsgRecipient) row = g_list_model_get_item (G_LIST_MODEL (fixture->table), index);
  g_autoptr(GError) error = NULL;

  imsg_message_remove_recipient (fixture->message, imsg_recipient_get_row_id (row), &error);
  g_assert_no_error (error);
}

static void
test_bookmarks (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gboolean has_moved = FALSE;
  guint bookmark;

  imsg_table_seek (fixture->table, IMSG_BOOKMARK_BEGINNING, 1, NULL, NULL, NULL);
  bookmark = imsg_table_create_bookmark (fixture->table, &error);
  g_assert_cmpuint (bookmark, >, IMSG_BOOKMARK_END);
  remove_row (fixture, 0);
  g_assert_true (imsg_table_seek (fixture->table, bookmark, 0, NULL, &has_moved, &error));
  g_assert_false (has_moved);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);
  remove_row (fixture, 0);
  g_assert_true (imsg_table_seek (fixture->table, bookmark, 0, NULL, &has_moved, &error));
  g_assert_true (has_moved);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);
  g_assert_true (imsg_table_seek (fixture->table, bookmark, 0, NULL, &has_moved, &error));
  g_assert_false (has_moved);
  g_assert_true (imsg_table_free_bookmark (fixture->table, bookmark, &error));
  g_assert_true (imsg_table_free_bookmark (fixture->table, IMSG_BOOKMARK_END, &error));
  g_assert_false (imsg_table_free_bookmark (fixture->table, bookmark, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_BOOKMARK);
}

static void
test_live (Fixture       *fixture,
           gconstpointer  data)
{
  guint32 tag = IMSG_PR_DISPLAY_NAME;
  g_autoptr(GError) error = NULL;
  IMsgRecipient *row;

  imsg_table_sort (fixture->table, &tag, 1, NULL, 0, &error);
  restrict_to (fixture, "PR_RECIPIENT_TYPE < 3");
  ASSERT_NAMES ("Anna carl dora ");
  imsg_table_seek (fixture->table, IMSG_BOOKMARK_BEGINNING, 1, NULL, NULL, NULL);
  g_string_truncate (fixture->events, 0);

  add (fixture, IMSG_RECIPIENT_TYPE_BCC, "Alma");
  ASSERT_NAMES ("Anna carl dora ");
  add (fixture, IMSG_RECIPIENT_TYPE_TO, "Aaron");
  ASSERT_NAMES ("Aaron Anna carl dora ");
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 2);
  remove_row (fixture, 1);
  ASSERT_NAMES ("Aaron carl dora ");

  row = g_list_model_get_item (G_LIST_MODEL (fixture->table), 1);
  imsg_recipient_set_recipient_type (row, IMSG_RECIPIENT_TYPE_CC, &error);
  g_assert_no_error (error);
  imsg_recipient_set_recipient_type (row, IMSG_RECIPIENT_TYPE_BCC, &error);
  g_object_unref (row);
  ASSERT_NAMES ("Aaron dora ");
  g_assert_nonnull (strstr (fixture->events->str, "+Aaron "));
  g_assert_nonnull (strstr (fixture->events->str, "- "));
  g_assert_nonnull (strstr (fixture->events->str, "* "));
  g_assert_nonnull (strstr (fixture->events->str, "< "));
}

static void
test_columns (Fixture       *fixture,
              gconstpointer  data)
{
  guint32 tags[] = { IMSG_PR_DISPLAY_NAME, 0x6FFF0003 };
  guint32 instances = 0x6800301F;
  g_autoptr(GError) error = NULL;
  gsize n_tags = 0;
  g_autofree guint32 *columns = imsg_table_get_columns (fixture->table, FALSE, &n_tags);

  g_assert_cmpuint (n_tags, >, 4);
  g_assert_cmphex (columns[0], ==, IMSG_PR_DISPLAY_NAME);
  g_assert_cmphex (columns[1], ==, IMSG_PR_RECIPIENT_TYPE);
  g_assert_cmphex (columns[2], ==, IMSG_PR_ROWID);
  g_assert_cmphex (columns[3], ==, IMSG_PR_INSTANCE_KEY);
  for (gsize i = 5; i < n_tags; i++)
    g_assert_cmpuint (columns[i - 1] >> 16, <, columns[i] >> 16);
  g_clear_pointer (&columns, g_free);
  g_assert_true (imsg_table_set_columns (fixture->table, tags, 2, &error));
  columns = imsg_table_get_columns (fixture->table, FALSE, &n_tags);
  g_assert_cmpuint (n_tags, ==, 2);
  g_assert_false (imsg_table_set_columns (fixture->table, NULL, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_false (imsg_table_set_columns (fixture->table, &instances, 1, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
}

static gboolean
begins_low_cb (IMsgPropertyObject *row,
               gpointer            user_data)
{
  return g_ascii_islower (imsg_recipient_get_name (IMSG_RECIPIENT (row))[0]) ==
         *(gboolean *) user_data;
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  gboolean low = TRUE;

  imsg_table_set_filter (fixture->table, begins_low_cb, &low, NULL);
  ASSERT_NAMES ("dora carl ");
  low = FALSE;
  imsg_table_refresh (fixture->table);
  ASSERT_NAMES ("Anna Bert ");
}

static void
test_many (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(IMsgTable) table = imsg_message_get_recipient_table (message, NULL);

  for (guint i = 0; i < 3000; i++)
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "x", "x@example.org", NULL);
  g_assert_cmpuint (imsg_table_get_n_rows (table), ==, 3000);
  imsg_session_close (session);
}

static void
test_closed (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(IMsgTable) table = NULL;
  g_autoptr(IMsgTable) messages = imsg_session_get_message_table (session, NULL);
  g_autoptr(GError) error = NULL;

  imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "x", "x@example.org", NULL);
  table = imsg_message_get_recipient_table (message, NULL);
  g_assert_cmpuint (imsg_table_get_n_rows (messages), ==, 1);
  imsg_session_close (session);
  g_assert_true (imsg_table_is_closed (table));
  g_assert_false (imsg_table_restrict (table, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_table_query_rows (table, 1, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_null (imsg_message_get_attachment_table (message, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

#define ADD(name, test)                                                                             \
  g_test_add ("/imsg/table/" name, Fixture, NULL, set_up, test, tear_down)

/* Rows of nobody's but our own, with what they are given and nothing else */
static void
test_objects (void)
{
  g_autoptr(GListStore) rows = g_list_store_new (IMSG_TYPE_PROPERTY_BAG);
  g_autoptr(IMsgPropertyBag) names = imsg_property_bag_new (NULL);
  g_autoptr(IMsgTable) table = imsg_table_new (G_LIST_MODEL (rows));
  g_autoptr(IMsgRestriction) restriction = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint32 *columns = NULL;
  const guint32 order[] = { IMSG_PR_SUBJECT };
  const char *subjects[] = { "two", "one", "three" };
  gsize n_columns = 0;
  guint id;

  id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (names),
                                          "PS_PUBLIC_STRINGS", "Project", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (id, >=, 0x8000);
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autoptr(IMsgPropertyBag) bag = imsg_property_bag_new (names);
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (bag);

      g_assert_cmpuint (imsg_property_object_resolve_name (object, "PS_PUBLIC_STRINGS",
                                                           "Project", FALSE, NULL), ==, id);
      g_assert_true (imsg_property_object_set_string (object, IMSG_PR_SUBJECT, subjects[i], &error));
      g_assert_true (imsg_property_object_set_int (object, IMSG_PR_ACCESS, (int) i, &error));
      g_assert_no_error (error);
      g_list_store_append (rows, bag);
    }
  columns = imsg_table_get_columns (table, FALSE, &n_columns);
  g_assert_cmpuint (n_columns, ==, 2);
  g_assert_cmphex (columns[0], ==, IMSG_PR_SUBJECT);
  g_assert_true (imsg_table_sort (table, order, 1, NULL, 0, &error));
  restriction = imsg_restriction_parse ("PR_ACCESS > 0", &error);
  g_assert_no_error (error);
  g_assert_true (imsg_table_restrict (table, restriction, &error));
  g_assert_cmpuint (imsg_table_get_n_rows (table), ==, 2);
  {
    g_autoptr(IMsgPropertyObject) first = g_list_model_get_item (G_LIST_MODEL (table), 0);
    g_autofree char *subject = imsg_property_object_get_string (first, IMSG_PR_SUBJECT);

    g_assert_cmpstr (subject, ==, "one");
  }
  g_list_store_remove_all (rows);
  g_assert_cmpuint (imsg_table_get_n_rows (table), ==, 0);
}

/* --- what stays when rows move --- */

static guint64
get_instance (IMsgTable          *table,
              IMsgPropertyObject *row)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) key = imsg_table_get_row_value (table, row, IMSG_PR_INSTANCE_KEY, &error);
  const guint8 *bytes;
  gsize n_bytes;
  guint64 instance = 0;

  g_assert_no_error (error);
  bytes = g_variant_get_fixed_array (key, &n_bytes, 1);
  for (gsize i = 0; i < MIN (n_bytes, 8); i++)
    instance = instance << 8 | bytes[n_bytes - 1 - i];
  return instance;
}

/* Rows that change places in the source are the rows they were: key, bookmark and values. */
static void
test_reordered (Fixture       *fixture,
                gconstpointer  data)
{
  GListModel *recipients = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgPropertyObject) dora = g_list_model_get_item (recipients, 0);
  g_autoptr(IMsgPropertyObject) anna = g_list_model_get_item (recipients, 1);
  guint64 instances[2] = { get_instance (fixture->table, dora),
                           get_instance (fixture->table, anna) };
  guint bookmark;
  gboolean has_moved;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_table_seek (fixture->table, IMSG_BOOKMARK_BEGINNING, 1, NULL, NULL, &error));
  bookmark = imsg_table_create_bookmark (fixture->table, &error);
  g_assert_true (imsg_message_move_recipient (fixture->message, 0, 3, &error));
  g_assert_no_error (error);
  ASSERT_NAMES ("Anna carl Bert dora ");
  g_assert_cmpuint (get_instance (fixture->table, dora), ==, instances[0]);
  g_assert_cmpuint (get_instance (fixture->table, anna), ==, instances[1]);
  g_assert_true (imsg_table_seek (fixture->table, bookmark, 0, NULL, &has_moved, &error));
  g_assert_false (has_moved);
  g_assert_cmpuint (imsg_table_get_position (fixture->table), ==, 0);
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_strcmp0 (imsg_recipient_get_name (IMSG_RECIPIENT ((gpointer) a)),
                    imsg_recipient_get_name (IMSG_RECIPIENT ((gpointer) b)));
}

/* The same of any list that is sorted. */
static void
test_sorted_source (Fixture       *fixture,
                    gconstpointer  data)
{
  GListModel *recipients = imsg_message_get_recipients (fixture->message);
  g_autoptr(GListStore) rows = g_list_store_new (IMSG_TYPE_PROPERTY_OBJECT);
  g_autoptr(IMsgTable) table = imsg_table_new (G_LIST_MODEL (rows));

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (recipients, i);

      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare_names, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (table)); i++)
    {
      g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (table), i);
      g_autoptr(IMsgPropertyObject) expected = g_list_model_get_item (G_LIST_MODEL (rows), i);

      g_assert_true (row == expected);
      get_instance (table, row);
    }
}

/* Reading row by row and changing each so that it moves reaches every row. */
static void
test_position_moves (Fixture       *fixture,
                     gconstpointer  data)
{
  const guint32 order[] = { IMSG_PR_DISPLAY_NAME };
  g_autoptr(GString) visited = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_table_sort (fixture->table, order, 1, NULL, 0, &error));
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GPtrArray) rows =
        imsg_table_query_rows (fixture->table, 1, IMSG_TABLE_QUERY_ADVANCE, &error);
      IMsgPropertyObject *row;
      g_autofree char *name = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, 1);
      row = rows->pdata[0];
      g_string_append_printf (visited, "%s ", imsg_recipient_get_name (IMSG_RECIPIENT (row)));
      name = g_strconcat ("z", imsg_recipient_get_name (IMSG_RECIPIENT (row)), NULL);
      g_assert_true (imsg_property_object_set_string (row, IMSG_PR_DISPLAY_NAME, name, &error));
    }
  g_assert_cmpstr (visited->str, ==, "Anna Bert carl dora ");
  ASSERT_NAMES ("zAnna zBert zcarl zdora ");
}

/* A count holds however rows change, and others move up when one stops to match. */
static void
test_count (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRestriction) child = imsg_restriction_parse ("PR_RECIPIENT_TYPE > 0", &error);
  g_autoptr(IMsgRestriction) count = imsg_restriction_new_count (2, child);
  GListModel *recipients = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);
  g_autoptr(IMsgPropertyObject) last = g_list_model_get_item (recipients, 3);

  g_assert_true (imsg_table_restrict (fixture->table, count, &error));
  ASSERT_NAMES ("dora Anna ");
  g_assert_true (imsg_property_object_set_string (last, IMSG_PR_DISPLAY_NAME, "Berta", &error));
  ASSERT_NAMES ("dora Anna ");
  imsg_table_refresh (fixture->table);
  ASSERT_NAMES ("dora Anna ");
  g_assert_true (imsg_recipient_set_recipient_type (first, IMSG_RECIPIENT_TYPE_ORIGINATOR, &error));
  ASSERT_NAMES ("Anna carl ");
}

/* --- handlers that change what they hear of --- */

static void
rename_gone_cb (GListModel         *table,
                guint               position,
                guint               removed,
                guint               added,
                IMsgPropertyObject *gone)
{
  if (removed == 1)
    imsg_property_object_set_string (gone, IMSG_PR_DISPLAY_NAME, "zoe", NULL);
}

static void
add_another_cb (GListModel  *recipients,
                guint        position,
                guint        removed,
                guint        added,
                IMsgMessage *message)
{
  if (g_list_model_get_n_items (recipients) < 7)
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "zoe", NULL, NULL);
}

static void
close_message_cb (GListModel  *recipients,
                  guint        position,
                  guint        removed,
                  guint        added,
                  IMsgMessage *message)
{
  imsg_message_close (message);
}

/* Whoever hears of a row before the table does may add others, or close it all. */
static void
test_source_changed_before (void)
{
  void (*const handlers[]) (GListModel  *recipients,
                            guint        position,
                            guint        removed,
                            guint        added,
                            IMsgMessage *message) = { add_another_cb, close_message_cb };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    {
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
      GListModel *recipients = imsg_message_get_recipients (message);
      g_autoptr(IMsgRecipient) anna =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Anna", NULL, &error);
      g_autoptr(IMsgRecipient) bert = NULL;
      g_autoptr(IMsgTable) table = NULL;

      g_signal_connect (recipients, "items-changed", G_CALLBACK (handlers[i]), message);
      table = imsg_message_get_recipient_table (message, &error);
      bert = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Bert", NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (table)), ==,
                        g_list_model_get_n_items (recipients));
      for (guint j = 0; j < g_list_model_get_n_items (recipients); j++)
        {
          g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (table), j);
          g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, j);

          g_assert_true (row == recipient);
        }
    }
}

/* What is changed of a row that goes does not bring it back. */
static void
test_rename_gone (Fixture       *fixture,
                  gconstpointer  data)
{
  GListModel *recipients = imsg_message_get_recipients (fixture->message);
  g_autoptr(IMsgRecipient) anna = g_list_model_get_item (recipients, 1);
  g_autoptr(GError) error = NULL;

  g_signal_connect (fixture->table, "items-changed", G_CALLBACK (rename_gone_cb), anna);
  g_assert_true (imsg_message_remove_recipient (fixture->message,
                                                imsg_recipient_get_row_id (anna), &error));
  ASSERT_NAMES ("dora carl Bert ");
}

static void
close_table_cb (GListModel *table,
                guint       position,
                guint       removed,
                guint       added,
                gpointer    user_data)
{
  imsg_table_close (IMSG_TABLE (table));
}

static void
remove_row_cb (GListModel *table,
               guint       position,
               guint       removed,
               guint       added,
               gpointer    user_data)
{
  g_signal_handlers_disconnect_by_func (table, remove_row_cb, user_data);
  imsg_message_remove_recipient (user_data, 1, NULL);
}

static const struct
{
  const char *path;
  const char *restriction;
  GCallback   handler;
  const char *left;
} re_entrant[] = {
  { "close-while-moving", NULL, G_CALLBACK (close_table_cb), "" },
  { "close-while-hidden", "PR_DISPLAY_NAME ^= \"A\"", G_CALLBACK (close_table_cb), "" },
  { "remove-while-moving", NULL, G_CALLBACK (remove_row_cb), "Bert carl dora " },
  { "remove-while-hidden", "PR_DISPLAY_NAME ^= \"A\"", G_CALLBACK (remove_row_cb), "" },
};

static void
test_re_entrant (Fixture       *fixture,
                 gconstpointer  data)
{
  const guint32 order[] = { IMSG_PR_DISPLAY_NAME };
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgPropertyObject) anna =
    g_list_model_get_item (imsg_message_get_recipients (fixture->message), 1);
  g_autoptr(GError) error = NULL;

  restrict_to (fixture, re_entrant[row].restriction);
  g_assert_true (imsg_table_sort (fixture->table, order, 1, NULL, 0, &error));
  g_signal_connect (fixture->table, "items-changed", re_entrant[row].handler, fixture->message);
  g_assert_true (imsg_property_object_set_string (anna, IMSG_PR_DISPLAY_NAME, "zoe", &error));
  ASSERT_NAMES (re_entrant[row].left);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("order", test_order);
  ADD ("missing-last", test_missing_last);
  ADD ("restrict", test_restrict);
  ADD ("position", test_position);
  ADD ("find", test_find);
  ADD ("bookmarks", test_bookmarks);
  ADD ("live", test_live);
  ADD ("columns", test_columns);
  ADD ("filter", test_filter);
  ADD ("reordered", test_reordered);
  ADD ("sorted-source", test_sorted_source);
  ADD ("position-moves", test_position_moves);
  ADD ("count", test_count);
  ADD ("rename-gone", test_rename_gone);
  for (gsize i = 0; i < G_N_ELEMENTS (re_entrant); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/table/re-entrant/", re_entrant[i].path, NULL);

      g_test_add (path, Fixture, GSIZE_TO_POINTER (i), set_up, test_re_entrant, tear_down);
    }
  g_test_add_func ("/imsg/table/source-changed-before", test_source_changed_before);
  g_test_add_func ("/imsg/table/objects", test_objects);
  g_test_add_func ("/imsg/table/many", test_many);
  g_test_add_func ("/imsg/table/closed", test_closed);
  return g_test_run ();
}
