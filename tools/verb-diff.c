/* verb-diff.c - imsg diff: two messages, property by property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

/* Larger values are compared piece by piece. */
#define MAX_WHOLE_BYTES (1024 * 1024)

typedef struct
{
  const char *name;          /* of the first input, for complaints */
  gboolean    brief;         /* only say that they differ */
  guint       n_differences;
  guint       n_unread;      /* what neither of them lets be read */
  ToolReport  report;
} Diff;

static void diff_messages (Diff        *diff,
                           IMsgMessage *a,
                           IMsgMessage *b,
                           const char  *where);

static void
tell (Diff       *diff,
      char        sign,
      const char *where,
      const char *text)
{
  diff->n_differences++;
  if (diff->brief)
    return;
  g_string_append_c (diff->report.output, sign);
  g_string_append_c (diff->report.output, ' ');
  tool_append_clean (diff->report.output, where, FALSE);
  tool_append_clean (diff->report.output, text, FALSE);
  g_string_append_c (diff->report.output, '\n');
}

static char *
describe (IMsgProperty *property)
{
  g_autofree char *name = tool_describe_property (property);
  g_autofree char *value = imsg_property_dup_display_value (property);
  IMsgPropertyAttributes attributes = imsg_property_get_attributes (property);

  return g_strdup_printf ("0x%08X %s (%" G_GUINT64_FORMAT "%s%s%s) = %s",
                          imsg_property_get_tag (property), name, imsg_property_get_size (property),
                          attributes & IMSG_PROPERTY_ATTRIBUTES_MANDATORY ? " M" : "",
                          attributes & IMSG_PROPERTY_ATTRIBUTES_READABLE ? " R" : "",
                          attributes & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE ? " W" : "", value);
}

/* What a property is, whatever id this file gave its name. */
static guint
hash_property (gconstpointer data)
{
  IMsgPropertyName *name = imsg_property_get_property_name ((IMsgProperty *) data);
  guint32 tag = imsg_property_get_tag ((IMsgProperty *) data);

  return name != NULL ? imsg_property_name_hash (name) ^ (tag & 0xFFFF) : tag;
}

static gboolean
is_same_property (gconstpointer a,
                  gconstpointer b)
{
  IMsgPropertyName *a_name = imsg_property_get_property_name ((IMsgProperty *) a);
  IMsgPropertyName *b_name = imsg_property_get_property_name ((IMsgProperty *) b);
  guint32 difference =
    imsg_property_get_tag ((IMsgProperty *) a) ^ imsg_property_get_tag ((IMsgProperty *) b);

  if (a_name == NULL || b_name == NULL)
    return a_name == b_name && difference == 0;
  return imsg_property_name_equal (a_name, b_name) && (difference & 0xFFFF) == 0;
}

/* What cannot be read in one of them only is a difference; in neither, it is not known. */
static gboolean
are_both_unread (Diff         *diff,
                 const char   *where,
                 gboolean      has_a,
                 gboolean      has_b,
                 const GError *error)
{
  if (has_a || has_b)
    return FALSE;
  diff->n_unread++;
  tool_complain (&diff->report, diff->name, "%s: %s", where, error->message);
  return TRUE;
}

static gboolean
is_equal_stream (Diff         *diff,
                 const char   *where,
                 GInputStream *a,
                 GInputStream *b)
{
  g_autofree char *a_block = g_malloc (MAX_WHOLE_BYTES);
  g_autofree char *b_block = g_malloc (MAX_WHOLE_BYTES);
  gsize n_a = 0;
  gsize n_b = 0;

  do
    {
      g_autoptr(GError) error = NULL;
      gboolean has_a = g_input_stream_read_all (a, a_block, MAX_WHOLE_BYTES, &n_a, NULL, &error);
      gboolean has_b = g_input_stream_read_all (b, b_block, MAX_WHOLE_BYTES, &n_b, NULL, NULL);

      if (n_a != n_b || memcmp (a_block, b_block, n_a) != 0)
        return FALSE;
      if (!has_a || !has_b)
        return are_both_unread (diff, where, has_a, has_b, error);
    }
  while (n_a == MAX_WHOLE_BYTES);
  return TRUE;
}

static gboolean
is_equal (Diff               *diff,
          const char         *where,
          IMsgPropertyObject *a_object,
          IMsgProperty       *a,
          IMsgPropertyObject *b_object,
          IMsgProperty       *b)
{
  guint32 a_tag = imsg_property_get_tag (a);
  guint32 b_tag = imsg_property_get_tag (b);
  g_autofree char *place = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) a_bytes = NULL;
  g_autoptr(GBytes) b_bytes = NULL;

  if (imsg_property_get_attributes (a) != imsg_property_get_attributes (b))
    return FALSE;
  /* The message or the storage that it is has lines of its own */
  if (imsg_property_get_property_type (a) == IMSG_PROPERTY_TYPE_OBJECT)
    return TRUE;
  if (imsg_property_get_size (a) != imsg_property_get_size (b))
    return FALSE;
  place = g_strdup_printf ("%s0x%08X", where, a_tag);
  if (imsg_property_get_size (a) > MAX_WHOLE_BYTES)
    {
      g_autoptr(GInputStream) a_stream =
        imsg_property_object_open_stream (a_object, a_tag, NULL, NULL);
      g_autoptr(GInputStream) b_stream =
        imsg_property_object_open_stream (b_object, b_tag, NULL, NULL);

      if (a_stream != NULL && b_stream != NULL)
        return is_equal_stream (diff, place, a_stream, b_stream);
    }
  a_bytes = imsg_property_object_get_raw (a_object, a_tag, &error);
  b_bytes = imsg_property_object_get_raw (b_object, b_tag, NULL);
  if (a_bytes == NULL || b_bytes == NULL)
    return are_both_unread (diff, place, a_bytes != NULL, b_bytes != NULL, error);
  return g_bytes_equal (a_bytes, b_bytes);
}

static GPtrArray *
list_stored (IMsgPropertyObject *object)
{
  GListModel *list = imsg_property_object_get_properties (object);
  GPtrArray *stored = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      IMsgProperty *property = g_list_model_get_item (list, i);

      if (imsg_property_get_origin (property) != IMSG_PROPERTY_ORIGIN_COMPUTED)
        g_ptr_array_add (stored, property);
      else
        g_object_unref (property);
    }
  return stored;
}

/* The positions of what is there, by what it is: a damaged file may have a name twice. */
static GHashTable *
index_properties (GPtrArray *list)
{
  GHashTable *positions = g_hash_table_new_full (hash_property, is_same_property, NULL,
                                                 (GDestroyNotify) g_queue_free);

  for (guint i = 0; i < list->len; i++)
    {
      GQueue *queue = g_hash_table_lookup (positions, list->pdata[i]);

      if (queue == NULL)
        {
          queue = g_queue_new ();
          g_hash_table_insert (positions, list->pdata[i], queue);
        }
      g_queue_push_tail (queue, GUINT_TO_POINTER (i));
    }
  return positions;
}

static void
tell_property (Diff         *diff,
               char          sign,
               const char   *where,
               IMsgProperty *property)
{
  g_autofree char *text = describe (property);

  tell (diff, sign, where, text);
}

static void
diff_properties (Diff               *diff,
                 IMsgPropertyObject *a,
                 IMsgPropertyObject *b,
                 const char         *where)
{
  g_autoptr(GPtrArray) a_list = list_stored (a);
  g_autoptr(GPtrArray) b_list = list_stored (b);
  g_autoptr(GHashTable) positions = index_properties (b_list);
  g_autofree gboolean *is_met = g_new0 (gboolean, b_list->len + 1);

  for (guint i = 0; i < a_list->len; i++)
    {
      IMsgProperty *property = a_list->pdata[i];
      GQueue *queue = g_hash_table_lookup (positions, property);
      IMsgProperty *other = NULL;

      if (queue != NULL && !g_queue_is_empty (queue))
        {
          guint position = GPOINTER_TO_UINT (g_queue_pop_head (queue));

          is_met[position] = TRUE;
          other = b_list->pdata[position];
        }
      if (other != NULL && is_equal (diff, where, a, property, b, other))
        continue;
      tell_property (diff, '-', where, property);
      if (other != NULL)
        tell_property (diff, '+', where, other);
    }
  for (guint i = 0; i < b_list->len; i++)
    if (!is_met[i])
      tell_property (diff, '+', where, b_list->pdata[i]);
}

static void
tell_entry (Diff             *diff,
            char              sign,
            const char       *where,
            IMsgStorageEntry *entry)
{
  const char *name = imsg_storage_entry_get_name (entry);
  g_autofree char *text = NULL;

  if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
    text = g_strconcat (name, "/", NULL);
  else
    text = g_strdup_printf ("%s (%" G_GUINT64_FORMAT ")", name,
                            imsg_storage_entry_get_size (entry));
  tell (diff, sign, where, text);
}

/* Two storages with one name, still to be compared: they may lie deep, the C stack is not. */
typedef struct
{
  IMsgStorage *a;
  IMsgStorage *b;
  char        *where;
} Pair;

static void
pair_clear (gpointer data)
{
  Pair *pair = data;

  g_clear_object (&pair->a);
  g_clear_object (&pair->b);
  g_clear_pointer (&pair->where, g_free);
}

static void
diff_entries (Diff             *diff,
              GArray           *pairs,
              const Pair       *pair,
              IMsgStorageEntry *a,
              IMsgStorageEntry *b)
{
  const char *a_name = imsg_storage_entry_get_name (a);
  const char *b_name = imsg_storage_entry_get_name (b);
  gboolean is_storage = imsg_storage_entry_get_kind (a) == IMSG_STORAGE_ENTRY_STORAGE;
  g_autofree char *place = g_strconcat (pair->where, a_name, NULL);
  g_autoptr(GError) error = NULL;
  gboolean is_same = imsg_storage_entry_get_kind (a) == imsg_storage_entry_get_kind (b);

  if (is_same && is_storage)
    {
      Pair inner = {
        imsg_storage_open_storage (pair->a, a_name, IMSG_STORAGE_READ, &error),
        imsg_storage_open_storage (pair->b, b_name, IMSG_STORAGE_READ, NULL),
        g_strconcat (place, "/", NULL),
      };

      is_same = (inner.a != NULL && inner.b != NULL) ||
                are_both_unread (diff, place, inner.a != NULL, inner.b != NULL, error);
      if (inner.a != NULL && inner.b != NULL)
        g_array_append_val (pairs, inner);
      else
        pair_clear (&inner);
    }
  else if (is_same)
    {
      g_autoptr(GInputStream) a_stream = imsg_storage_open_stream (pair->a, a_name, &error);
      g_autoptr(GInputStream) b_stream = imsg_storage_open_stream (pair->b, b_name, NULL);

      is_same = imsg_storage_entry_get_size (a) == imsg_storage_entry_get_size (b) &&
                (a_stream != NULL && b_stream != NULL
                   ? is_equal_stream (diff, place, a_stream, b_stream)
                   : are_both_unread (diff, place, a_stream != NULL, b_stream != NULL, error));
    }
  if (is_same)
    return;
  tell_entry (diff, '-', pair->where, a);
  tell_entry (diff, '+', pair->where, b);
}

static void
diff_pair (Diff       *diff,
           GArray     *pairs,
           const Pair *pair)
{
  GListModel *a_entries = imsg_storage_get_entries (pair->a);
  GListModel *b_entries = imsg_storage_get_entries (pair->b);
  g_autofree char *a_class = imsg_storage_dup_class_id (pair->a);
  g_autofree char *b_class = imsg_storage_dup_class_id (pair->b);

  if (g_strcmp0 (a_class, b_class) != 0)
    {
      tell (diff, '-', pair->where, a_class != NULL ? a_class : "");
      tell (diff, '+', pair->where, b_class != NULL ? b_class : "");
    }
  for (guint i = 0; i < g_list_model_get_n_items (a_entries); i++)
    {
      g_autoptr(IMsgStorageEntry) a = g_list_model_get_item (a_entries, i);
      g_autoptr(IMsgStorageEntry) b =
        imsg_storage_find_entry (pair->b, imsg_storage_entry_get_name (a));

      if (b != NULL)
        diff_entries (diff, pairs, pair, a, b);
      else
        tell_entry (diff, '-', pair->where, a);
    }
  for (guint i = 0; i < g_list_model_get_n_items (b_entries); i++)
    {
      g_autoptr(IMsgStorageEntry) b = g_list_model_get_item (b_entries, i);
      g_autoptr(IMsgStorageEntry) a =
        imsg_storage_find_entry (pair->a, imsg_storage_entry_get_name (b));

      if (a == NULL)
        tell_entry (diff, '+', pair->where, b);
    }
}

static void
diff_storages (Diff        *diff,
               IMsgStorage *a,
               IMsgStorage *b,
               const char  *where)
{
  g_autoptr(GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  Pair first = { g_object_ref (a), g_object_ref (b), g_strdup (where) };

  g_array_append_val (pairs, first);
  while (pairs->len > 0)
    {
      Pair pair = g_array_index (pairs, Pair, pairs->len - 1);

      g_array_set_size (pairs, pairs->len - 1);
      diff_pair (diff, pairs, &pair);
      pair_clear (&pair);
    }
}

static gboolean
is_object (IMsgAttachment *attachment)
{
  guint32 tag = imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (attachment),
                                               IMSG_PR_ATTACH_DATA_OBJ);

  return (tag & 0xFFFF) == IMSG_PROPERTY_TYPE_OBJECT;
}

/* A message that cannot be opened is still a storage, as is an OLE object. */
static void
diff_attachments (Diff           *diff,
                  IMsgAttachment *a,
                  IMsgAttachment *b,
                  const char     *where)
{
  g_autoptr(IMsgMessage) a_message = NULL;
  g_autoptr(IMsgMessage) b_message = NULL;
  g_autoptr(IMsgStorage) a_storage = NULL;
  g_autoptr(IMsgStorage) b_storage = NULL;
  g_autoptr(GError) error = NULL;

  diff_properties (diff, IMSG_PROPERTY_OBJECT (a), IMSG_PROPERTY_OBJECT (b), where);
  if (!is_object (a) || !is_object (b))
    return;
  if (imsg_attachment_get_method (a) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
      imsg_attachment_get_method (b) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      a_message = imsg_attachment_open_message (a, NULL, NULL);
      b_message = imsg_attachment_open_message (b, NULL, NULL);
    }
  if (a_message != NULL && b_message != NULL)
    {
      diff_messages (diff, a_message, b_message, where);
      return;
    }
  if (a_message != NULL || b_message != NULL)
    {
      tell (diff, a_message != NULL ? '-' : '+', where, _("a message that can be read"));
      return;
    }
  a_storage = imsg_attachment_open_storage (a, NULL, &error);
  b_storage = imsg_attachment_open_storage (b, NULL, NULL);
  if (a_storage != NULL && b_storage != NULL)
    diff_storages (diff, a_storage, b_storage, where);
  else if (!are_both_unread (diff, where, a_storage != NULL, b_storage != NULL, error))
    tell (diff, a_storage != NULL ? '-' : '+', where, _("a storage that can be read"));
}

static void
diff_rows (Diff       *diff,
           GListModel *a,
           GListModel *b,
           const char *where,
           const char *kind)
{
  guint n_a = g_list_model_get_n_items (a);
  guint n_b = g_list_model_get_n_items (b);

  for (guint i = 0; i < MAX (n_a, n_b); i++)
    {
      g_autoptr(IMsgPropertyObject) a_row = g_list_model_get_item (a, i);
      g_autoptr(IMsgPropertyObject) b_row = g_list_model_get_item (b, i);
      g_autofree char *inner = g_strdup_printf ("%s%s/%u/", where, kind, i);

      if (a_row == NULL || b_row == NULL)
        tell (diff, a_row != NULL ? '-' : '+', inner, "");
      else if (IMSG_IS_ATTACHMENT (a_row))
        diff_attachments (diff, IMSG_ATTACHMENT (a_row), IMSG_ATTACHMENT (b_row), inner);
      else
        diff_properties (diff, a_row, b_row, inner);
    }
}

/* Recurses once for each level of embedding, which the library bounds. */
static void
diff_messages (Diff        *diff,
               IMsgMessage *a,
               IMsgMessage *b,
               const char  *where)
{
  diff_properties (diff, IMSG_PROPERTY_OBJECT (a), IMSG_PROPERTY_OBJECT (b), where);
  diff_rows (diff, imsg_message_get_recipients (a), imsg_message_get_recipients (b), where,
             "recipients");
  diff_rows (diff, imsg_message_get_attachments (a), imsg_message_get_attachments (b), where,
             "attachments");
}

static int
run (Diff  *diff,
     char **names)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) a = NULL;
  g_autoptr(IMsgMessage) b = NULL;
  g_autoptr(GError) error = NULL;

  if (names == NULL || g_strv_length (names) != 2)
    return tool_usage ("%s", _("Two files are needed"));
  if (strcmp (names[0], "-") == 0 && strcmp (names[1], "-") == 0)
    return tool_usage ("%s", _("Standard input can be read only once"));
  a = tool_open_message (session, names[0], IMSG_OPEN_READ_ONLY, &error);
  b = a != NULL ? tool_open_message (session, names[1], IMSG_OPEN_READ_ONLY, &error) : NULL;
  if (b == NULL)
    {
      tool_tell_error (names[a == NULL ? 0 : 1], error);
      return TOOL_USAGE;
    }
  diff->name = names[0];
  diff->report.output = g_string_new (NULL);
  diff->report.complaints = g_string_new (NULL);
  diff_messages (diff, a, b, "/");
  tool_print (diff->report.output->str, diff->report.output->len);
  fflush (stdout);
  fputs (diff->report.complaints->str, stderr);
  g_string_free (diff->report.output, TRUE);
  g_string_free (diff->report.complaints, TRUE);
  if (diff->brief && diff->n_differences > 0)
    {
      g_autofree char *a_name = tool_display_name (names[0]);
      g_autofree char *b_name = tool_display_name (names[1]);

      printf (_("%s and %s differ"), a_name, b_name);
      putchar ('\n');
    }
  imsg_session_close (session);
  if (diff->n_differences > 0)
    return TOOL_FAILED;
  return diff->n_unread > 0 ? TOOL_USAGE : TOOL_OK;
}

int
verb_diff (int    argc,
           char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  g_auto(GStrv) names = NULL;
  Diff diff = { NULL };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "brief", 'q', 0, G_OPTION_ARG_NONE, &diff.brief, N_("Only say whether they differ"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (_("FILE FILE"),
                              _("Compares two messages, property by property. Exits with 0 when "
                                "they are the same, 1 when they differ, 2 when they cannot be "
                                "compared."),
                              entries);
  if (tool_context_parse (context, &argc, &argv))
    result = run (&diff, names);
  return result;
}
