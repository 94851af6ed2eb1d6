/* test-catalog.c - what was compiled in against the tables it was made from
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-catalog-private.h"

typedef struct
{
  GPtrArray *rows; /* (element-type GStrv) */
} Table;

static Table *
table_read (const char *name)
{
  Table *table = g_new0 (Table, 1);
  g_autofree char *path = g_build_filename (g_getenv ("IMSG_CATALOG"), name, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  gboolean in_rows = FALSE;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] == '#' || lines[i][0] == '\0')
        continue;
      /* Cells that are empty at the end of a line are not written. */
      if (in_rows)
        {
          g_autofree char *padded = g_strconcat (lines[i], "\t\t\t\t\t\t\t\t", NULL);

          g_ptr_array_add (table->rows, g_strsplit (padded, "\t", -1));
        }
      in_rows = TRUE;
    }
  return table;
}

static void
table_free (Table *table)
{
  g_ptr_array_unref (table->rows);
  g_free (table);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

#define ROW(table, i) ((char **) g_ptr_array_index ((table)->rows, (i)))

static guint32
get_tag (char **row)
{
  IMsgPropertyType type;

  if (strcmp (row[1], "PT_FILE_HANDLE") == 0)
    type = (IMsgPropertyType) 0x0103;
  else if (strcmp (row[1], "PT_FILE_EA") == 0)
    type = (IMsgPropertyType) 0x0104;
  else
    g_assert_true (imsg_property_type_from_name (row[1], &type));
  return imsg_property_tag (type, (guint) g_ascii_strtoull (row[0], NULL, 16));
}

/* The tag whose names a row is found by: 8-bit text where the name says so. */
static guint32
get_name_tag (const char *name,
              guint32     tag)
{
  if (g_str_has_suffix (name, "_A") && imsg_property_tag_is_text (tag) && (tag & 1) != 0)
    return tag - 1;
  return tag;
}

static gboolean
list_has (GPtrArray *tags,
          guint32    tag)
{
  for (guint i = 0; i < tags->len; i++)
    if (GPOINTER_TO_UINT (g_ptr_array_index (tags, i)) == tag)
      return TRUE;
  return FALSE;
}

static void
add_name (GHashTable *names,
          const char *name,
          guint32     tag)
{
  char *key = g_ascii_strdown (name, -1);
  GPtrArray *tags = g_hash_table_lookup (names, key);

  if (tags == NULL)
    {
      tags = g_ptr_array_new ();
      g_hash_table_insert (names, key, tags);
    }
  else
    {
      g_free (key);
    }
  g_ptr_array_add (tags, GUINT_TO_POINTER (get_name_tag (name, tag)));
}

static void
test_tags (void)
{
  g_autoptr(Table) table = table_read ("properties.tsv");
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer key, tags;
  gsize n_tags, n_rank_1 = 0, n_shared = 0;

  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = ROW (table, i);
      guint32 tag = get_tag (row);
      g_auto(GStrv) aliases = g_strsplit (row[4], ",", -1);

      if (row[2][0] != '\0')
        add_name (names, row[2], tag);
      if (row[3][0] != '\0')
        add_name (names, row[3], tag);
      for (guint j = 0; aliases[j] != NULL; j++)
        if (aliases[j][0] != '\0')
          add_name (names, aliases[j], tag);

      if (strcmp (row[7], "1") == 0)
        {
          const IMsgCatalogTag *known = _imsg_catalog_find_tag (tag);

          n_rank_1++;
          g_assert_nonnull (known);
          g_assert_cmphex (known->tag, ==, tag);
          g_assert_cmpstr (_imsg_catalog_string (known->name), ==,
                           row[2][0] != '\0' ? row[2] : NULL);
          g_assert_cmpstr (_imsg_catalog_string (known->canonical), ==,
                           row[3][0] != '\0' ? row[3] : NULL);
          g_assert_cmpuint (known->n_aliases, ==, row[4][0] != '\0' ? g_strv_length (aliases) : 0);
          if (tag < 0x80000000)
            g_assert_cmpstr (imsg_property_tag_get_name (tag), ==,
                             _imsg_catalog_string (known->name));
          else
            g_assert_null (imsg_property_tag_get_name (tag));
        }
    }

  /* Every name finds one of the tags that it stands for. */
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &key, &tags))
    {
      g_autofree char *upper = g_ascii_strup (key, -1);

      g_assert_true (list_has (tags, imsg_property_tag_from_name (key)));
      g_assert_true (list_has (tags, imsg_property_tag_from_name (upper)));
      n_shared += ((GPtrArray *) tags)->len > 1;
    }
  g_assert_cmpuint (n_shared, <=, 10);

  _imsg_catalog_get_tags (&n_tags);
  g_assert_cmpuint (n_tags, ==, n_rank_1);
  g_assert_cmpuint (table->rows->len, >, 1800);
  g_assert_cmpuint (g_hash_table_size (names), >, 3000);
}

static void
test_sets (void)
{
  g_autoptr(Table) table = table_read ("property-sets.tsv");

  g_assert_cmpuint (table->rows->len, >=, 25);
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = ROW (table, i);
      IMsgGuid guid;
      const IMsgCatalogSet *set;

      g_assert_true (_imsg_guid_parse (row[0], &guid));
      set = _imsg_catalog_find_set (&guid);
      g_assert_nonnull (set);
      g_assert_cmpstr (_imsg_catalog_string (set->name), ==, row[1]);
      g_assert_cmpstr (set->text, ==, row[0]);
      g_assert_true (_imsg_catalog_find_set_name (row[1]) == set);
    }
  g_assert_null (_imsg_catalog_find_set_name ("PSETID_Nothing"));
}

static IMsgPropertyName *
make_name (char **row)
{
  g_autoptr(GError) error = NULL;
  IMsgPropertyName *name = imsg_property_name_parse (row[0], row[2], &error);

  g_assert_no_error (error);
  g_assert_cmpint (imsg_property_name_get_kind (name), ==,
                   strcmp (row[1], "id") == 0 ? IMSG_PROPERTY_NAME_ID : IMSG_PROPERTY_NAME_STRING);
  return name;
}

static void
test_named (void)
{
  g_autoptr(Table) table = table_read ("named-properties.tsv");
  gsize n_named;

  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = ROW (table, i);
      g_autoptr(IMsgPropertyName) name = make_name (row);
      g_autofree char *all = g_strconcat (row[4], ",", row[5], NULL);
      g_auto(GStrv) aliases = g_strsplit (all, ",", -1);
      IMsgPropertyType type;

      g_assert_cmpstr (imsg_property_name_get_set_name (name), ==, row[0]);
      g_assert_true (imsg_property_type_from_name (row[3], &type));
      g_assert_cmphex (imsg_property_name_get_known_type (name), ==, type);
      if (row[4][0] != '\0')
        g_assert_cmpstr (imsg_property_name_get_known_name (name), ==, row[4]);
      for (guint j = 0; aliases[j] != NULL; j++)
        if (aliases[j][0] != '\0')
          {
            g_autoptr(IMsgPropertyName) found = imsg_property_name_from_known_name (aliases[j]);

            g_assert_nonnull (found);
            g_assert_true (imsg_property_name_equal (found, name));
          }
    }
  _imsg_catalog_get_named (&n_named);
  g_assert_cmpuint (n_named, ==, table->rows->len);
  g_assert_cmpuint (n_named, >, 500);
  g_assert_null (imsg_property_name_from_known_name ("PidLidNothing"));
}

static void
test_flags (void)
{
  g_autoptr(Table) table = table_read ("flags.tsv");
  gsize n_flags, n_all = 0;

  g_assert_cmpuint (table->rows->len, >, 1500);
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = ROW (table, i);
      const IMsgFlagName *flags;
      g_autoptr(IMsgPropertyName) name = NULL;
      gboolean found = FALSE;

      if (strcmp (row[0], "tagged") == 0)
        {
          flags = _imsg_catalog_get_flags ((guint32) g_ascii_strtoull (row[1], NULL, 16) << 16 |
                                             IMSG_PROPERTY_TYPE_LONG, NULL, &n_flags);
        }
      else if (strcmp (row[0], "named") == 0)
        {
          g_auto(GStrv) parts = g_strsplit (row[1], ":", 2);

          name = imsg_property_name_parse (parts[0], parts[1], NULL);
          flags = _imsg_catalog_get_flags (0x80010003, name, &n_flags);
        }
      else
        {
          flags = _imsg_catalog_get_field_flags (row[1], &n_flags);
        }
      g_assert_nonnull (flags);
      for (gsize j = 0; j < n_flags; j++)
        if (strcmp (flags[j].name, row[6]) == 0 &&
            flags[j].mask == g_ascii_strtoull (row[4], NULL, 16) &&
            flags[j].value == g_ascii_strtoull (row[5], NULL, 16) &&
            flags[j].is_flag == (strcmp (row[3], "flag") == 0))
          found = TRUE;
      g_assert_true (found);
      n_all += n_flags > 0;
    }
  g_assert_cmpuint (n_all, ==, table->rows->len);
}

static void
test_flags_absent (void)
{
  gsize n_flags = 99;

  g_assert_null (_imsg_catalog_get_flags (0x0037001F, NULL, &n_flags));
  g_assert_cmpuint (n_flags, ==, 0);
  /* An id of the file's own says nothing without its name. */
  g_assert_null (_imsg_catalog_get_flags (0x80170003, NULL, &n_flags));
  g_assert_null (_imsg_catalog_get_field_flags ("NoSuchField", &n_flags));
  g_assert_cmpuint (n_flags, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("IMSG_CATALOG") == NULL)
    g_error ("IMSG_CATALOG names the folder of the tables");
  g_test_add_func ("/imsg/catalog/tags", test_tags);
  g_test_add_func ("/imsg/catalog/sets", test_sets);
  g_test_add_func ("/imsg/catalog/named", test_named);
  g_test_add_func ("/imsg/catalog/flags", test_flags);
  g_test_add_func ("/imsg/catalog/flags-absent", test_flags_absent);
  return g_test_run ();
}
