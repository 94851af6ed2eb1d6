/* test-table-changes.c - tables of rows that come, change and go, and handlers that change them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>

#define NUMBER_TAG(i) ((guint32) (0x6800 + (i)) << 16 | IMSG_PROPERTY_TYPE_LONG)

typedef struct
{
  GListStore *rows;
  IMsgTable  *table;
} Fixture;

/* Rows 0 to 3, by their first number */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const guint32 order[] = { NUMBER_TAG (0) };

  fixture->rows = g_list_store_new (IMSG_TYPE_PROPERTY_BAG);
  fixture->table = imsg_table_new (G_LIST_MODEL (fixture->rows));
  for (int i = 3; i >= 0; i--)
    {
      g_autoptr(IMsgPropertyBag) bag = imsg_property_bag_new (NULL);

      imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (bag), NUMBER_TAG (0), i, NULL);
      g_list_store_append (fixture->rows, bag);
    }
  g_assert_true (imsg_table_sort (fixture->table, order, 1, NULL, 0, NULL));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->table);
  g_object_unref (fixture->rows);
}

static void
test_row_position (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(IMsgPropertyObject) last = g_list_model_get_item (G_LIST_MODEL (fixture->rows), 0);
  g_autoptr(IMsgPropertyObject) first = g_list_model_get_item (G_LIST_MODEL (fixture->rows), 3);
  g_autoptr(IMsgRestriction) restriction = imsg_restriction_parse ("0x68000003 > 0", NULL);
  g_autoptr(IMsgPropertyBag) other = imsg_property_bag_new (NULL);
  guint position = 9;

  g_assert_true (imsg_table_get_row_position (fixture->table, last, &position));
  g_assert_cmpuint (position, ==, 3);
  g_assert_true (imsg_table_get_row_position (fixture->table, first, NULL));
  g_assert_true (imsg_table_restrict (fixture->table, restriction, NULL));
  g_assert_false (imsg_table_get_row_position (fixture->table, first, &position));
  g_list_store_remove (fixture->rows, 2);
  g_assert_true (imsg_table_get_row_position (fixture->table, last, &position));
  g_assert_cmpuint (position, ==, 1);
  g_assert_false (imsg_table_get_row_position (fixture->table, IMSG_PROPERTY_OBJECT (other), NULL));
  imsg_table_close (fixture->table);
  g_assert_false (imsg_table_get_row_position (fixture->table, last, NULL));
}

/* --- handlers --- */

static void
sort_by_three_cb (IMsgTable          *table,
                  IMsgPropertyObject *row,
                  gboolean            removed,
                  gpointer            user_data)
{
  const guint32 tags[] = { NUMBER_TAG (1), NUMBER_TAG (2), NUMBER_TAG (3) };

  g_assert_true (imsg_table_sort (table, tags, G_N_ELEMENTS (tags), NULL, 0, NULL));
}

/* Whoever hears that a row went may ask for another order, of more properties than it had. */
static void
test_sort_while_gone (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(IMsgPropertyObject) expected = g_list_model_get_item (G_LIST_MODEL (fixture->rows), 1);
  g_autoptr(IMsgPropertyObject) first = NULL;

  g_signal_connect (fixture->table, "row-deleted", G_CALLBACK (sort_by_three_cb), NULL);
  g_list_store_remove (fixture->rows, 0);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->table), 0);
  g_assert_true (first == expected);
}

static void
insert_again_cb (GListModel *table,
                 guint       position,
                 guint       removed,
                 guint       added,
                 gpointer   *row_and_list)
{
  if (removed == 1 && added == 0)
    g_list_store_append (row_and_list[1], row_and_list[0]);
}

static void
count_modified_cb (IMsgTable          *table,
                   IMsgPropertyObject *row,
                   IMsgPropertyObject *prior,
                   guint              *n_modified)
{
  *n_modified += 1;
}

/* An object that comes back while it goes is a row, and goes on being told of. */
static void
test_back_while_gone (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (fixture->rows), 0);
  gpointer row_and_list[] = { row, fixture->rows };
  guint n_modified = 0;
  guint position = 9;

  g_signal_connect (fixture->table, "items-changed", G_CALLBACK (insert_again_cb), row_and_list);
  g_signal_connect (fixture->table, "row-modified", G_CALLBACK (count_modified_cb), &n_modified);
  g_list_store_remove (fixture->rows, 0);
  g_assert_cmpuint (imsg_table_get_n_rows (fixture->table), ==, 4);
  g_assert_true (imsg_table_get_row_position (fixture->table, row, &position));
  g_assert_cmpuint (position, ==, 3);
  imsg_property_object_set_int (row, NUMBER_TAG (0), 7, NULL);
  g_assert_cmpuint (n_modified, ==, 1);
}

/* --- many changes, one after the other --- */

#define N_CHANGES 3000

/* What a table that is opened now shows is what this one shows. */
static void
assert_as_new (IMsgTable *table,
               IMsgTable *fresh)
{
  gsize n_columns, n_fresh;
  g_autofree guint32 *columns = imsg_table_get_columns (table, FALSE, &n_columns);
  g_autofree guint32 *fresh_columns = imsg_table_get_columns (fresh, FALSE, &n_fresh);

  g_assert_cmpmem (columns, n_columns * sizeof *columns, fresh_columns, n_fresh * sizeof *columns);
  g_assert_cmpuint (imsg_table_get_n_rows (table), ==, imsg_table_get_n_rows (fresh));
  for (guint i = 0; i < imsg_table_get_n_rows (fresh); i++)
    {
      g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (table), i);
      g_autoptr(IMsgPropertyObject) expected = g_list_model_get_item (G_LIST_MODEL (fresh), i);
      guint position = G_MAXUINT;

      g_assert_true (row == expected);
      g_assert_true (imsg_table_get_row_position (table, row, &position));
      g_assert_cmpuint (position, ==, i);
    }
}

/* Another value, no value, or one of another type than the other rows have */
static void
change_value (GRand              *rand,
              IMsgPropertyObject *row)
{
  guint32 tag = NUMBER_TAG (g_rand_int (rand) % 4);

  switch (g_rand_int (rand) % 8)
    {
    case 0:
      imsg_property_object_delete_value (row, tag, NULL);
      break;
    case 1:
      imsg_property_object_set_string (row, (tag & 0xFFFF0000) | IMSG_PROPERTY_TYPE_UNICODE, "text",
                                       NULL);
      break;
    default:
      imsg_property_object_set_int (row, tag, (int) (g_rand_int (rand) % 5), NULL);
      break;
    }
}

static void
change_rows (GRand      *rand,
             GListStore *rows)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (rows));
  guint position = g_rand_int (rand) % (n_rows + 1);
  g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (G_LIST_MODEL (rows), position);

  if (row == NULL || n_rows < 10 || (n_rows < 40 && g_rand_int (rand) % 4 == 0))
    {
      g_autoptr(IMsgPropertyBag) bag = imsg_property_bag_new (NULL);

      change_value (rand, IMSG_PROPERTY_OBJECT (bag));
      g_list_store_insert (rows, position, bag);
    }
  else if (g_rand_int (rand) % 4 == 0)
    {
      g_list_store_remove (rows, position);
    }
  else
    {
      change_value (rand, row);
    }
}

static void
test_changes (void)
{
  const guint32 order[] = { NUMBER_TAG (0), NUMBER_TAG (1) };
  const gboolean descending[] = { FALSE, TRUE };
  g_autoptr(GRand) rand = g_rand_new_with_seed (4711);
  g_autoptr(GListStore) rows = g_list_store_new (IMSG_TYPE_PROPERTY_BAG);
  g_autoptr(IMsgTable) table = imsg_table_new (G_LIST_MODEL (rows));
  g_autoptr(IMsgRestriction) some = imsg_restriction_parse ("0x68020003 > 1", NULL);

  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autoptr(IMsgTable) fresh = NULL;
      guint n_keys = i / 100 % 3;
      gboolean restricted = i / 300 % 2 == 1;

      if (i % 100 == 0)
        imsg_table_sort (table, order, n_keys, descending, 2, NULL);
      if (i % 300 == 0)
        imsg_table_restrict (table, restricted ? some : NULL, NULL);
      change_rows (rand, rows);
      if (i % 3 != 0)
        continue;
      fresh = imsg_table_new (G_LIST_MODEL (rows));
      imsg_table_sort (fresh, order, n_keys, descending, 2, NULL);
      imsg_table_restrict (fresh, restricted ? some : NULL, NULL);
      assert_as_new (table, fresh);
    }
}

#define ADD(name, test)                                                                             \
  g_test_add ("/imsg/table/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("row-position", test_row_position);
  ADD ("sort-while-gone", test_sort_while_gone);
  ADD ("back-while-gone", test_back_while_gone);
  g_test_add_func ("/imsg/table/changes", test_changes);
  return g_test_run ();
}
