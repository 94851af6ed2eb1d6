/* bench-scale.c - time and memory at once, twice and four times as much of everything
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#include <fcntl.h>
#include <mapiutil.h>
#include <mapix.h>
#include <string.h>
#include <unistd.h>

#define N_ROUNDS 5
#define N_SIZES 3
/* Four times as much may take four times as long, and a quarter for caches that hold it no more */
#define BUDGET_LINEAR 5.0
/* Memory that comes in whole pages, and what the allocator holds back */
#define MEMORY_SLACK_KIB 1024
/* Few levels are too quick to be measured once */
#define N_TREES 50
#define STRING_SET "00020329-0000-0000-c000-000000000046"
/* PR_CHILDRENS_NAMES */
#define LIST_TAG 0x3A58101Fu

typedef struct
{
  const char *folder;
  guint       n;
  guint64     n_done;
} Scale;

typedef struct
{
  const char *key;
  const char *name;
  guint       n; /* at once */
  void      (*work) (Scale *scale);
} Row;

static char *
get_path (Scale *scale,
          guint  i)
{
  return g_strdup_printf ("%s/%05u.msg", scale->folder, i);
}

static IMsgMessage *
make_message (IMsgSession *session)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Note", &error);

  if (message == NULL)
    g_error ("%s", error->message);
  return message;
}

static void
check (gboolean  is_done,
       GError   *error)
{
  if (!is_done)
    g_error ("%s", error != NULL ? error->message : "It failed");
}

static IMsgMessage *
write_and_open (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (message, NULL, &error);
  IMsgMessage *again;

  check (bytes != NULL, error);
  again = imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  check (again != NULL, error);
  return again;
}

static void
read_values (Scale              *scale,
             IMsgPropertyObject *object)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], NULL);

      scale->n_done += value != NULL;
    }
}

static void
read_items (Scale      *scale,
            GListModel *list,
            guint       n)
{
  if (g_list_model_get_n_items (list) != n)
    g_error ("%u came back of %u", g_list_model_get_n_items (list), n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(IMsgPropertyObject) object = g_list_model_get_item (list, i);

      read_values (scale, object);
    }
}

/* Opened, looked at as a list view does, and kept open */
static void
open_messages (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();

  for (guint i = 0; i < scale->n; i++)
    {
      g_autofree char *path = get_path (scale, i);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message =
        imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);

      check (message != NULL, error);
      scale->n_done += imsg_message_get_subject (message) != NULL;
      scale->n_done += g_list_model_get_n_items (imsg_message_get_recipients (message));
    }
}

static void
add_recipients (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < scale->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Number %u", i);

      g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name,
                                                  "someone@example.com", &error));
    }
  again = write_and_open (message);
  read_items (scale, imsg_message_get_recipients (again), scale->n);
}

static void
add_attachments (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(GBytes) data = g_bytes_new_static ("twenty bytes of data", 20);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < scale->n; i++)
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
      g_autofree char *name = g_strdup_printf ("Number %u", i);

      check (imsg_attachment_set_file_name (attachment, name, &error) &&
               imsg_attachment_set_bytes (attachment, data, &error), error);
    }
  again = write_and_open (message);
  read_items (scale, imsg_message_get_attachments (again), scale->n);
}

/* One by one, from the first to the last, under a table that is open */
static void
remove_recipients (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgTable) table = imsg_message_get_recipient_table (message, &error);

  check (table != NULL, error);
  for (guint i = 0; i < scale->n; i++)
    g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann Lee",
                                                "ann@example.com", &error));
  while (g_list_model_get_n_items (recipients) > 0)
    {
      g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);

      check (imsg_message_remove_recipient (message, imsg_recipient_get_row_id (first), &error),
             error);
      scale->n_done++;
    }
}

static LONG STDAPICALLTYPE
count_told (LPVOID         context,
            ULONG          n_notifications,
            LPNOTIFICATION notifications)
{
  ((Scale *) context)->n_done += n_notifications;
  return 0;
}

/* Rows of an ITableData, put and put again one by one, under a view with a sink */
static void
modify_rows (Scale *scale)
{
  SizedSPropTagArray (2, columns) = { 2, { PR_ROWID, PR_DISPLAY_NAME_A } };
  SPropValue values[2] = { { .ulPropTag = PR_ROWID }, { .ulPropTag = PR_DISPLAY_NAME_A } };
  SRow row = { 0, G_N_ELEMENTS (values), values };
  LPTABLEDATA data = NULL;
  LPMAPITABLE view = NULL;
  LPMAPIADVISESINK sink = NULL;
  ULONG_PTR connection = 0;

  check (CreateTable (NULL, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer, NULL,
                      TBLTYPE_DYNAMIC, PR_ROWID, (LPSPropTagArray) &columns, &data) == S_OK &&
           data->lpVtbl->HrGetView (data, NULL, NULL, 0, &view) == S_OK &&
           HrAllocAdviseSink (count_told, scale, &sink) == S_OK &&
           view->lpVtbl->Advise (view, fnevTableModified, sink, &connection) == S_OK, NULL);
  for (guint i = 0; i < 2 * scale->n; i++)
    {
      values[0].Value.l = (LONG) (i % scale->n);
      values[1].Value.lpszA = (LPSTR) (i < scale->n ? "Ann Lee" : "Bo Berg");
      check (data->lpVtbl->HrModifyRow (data, &row) == S_OK, NULL);
    }
  if (scale->n_done != 2 * scale->n)
    g_error ("Told of %" G_GUINT64_FORMAT " rows of %u", scale->n_done, 2 * scale->n);
  UlRelease (sink);
  UlRelease (view);
  UlRelease (data);
}

static void
nest_once (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = make_message (session);

  g_ptr_array_add (held, message);
  for (guint i = 0; i < scale->n; i++)
    {
      IMsgAttachment *attachment = imsg_message_create_attachment (message, &error);

      check (attachment != NULL, error);
      g_ptr_array_add (held, attachment);
      message = imsg_attachment_create_message (attachment, &error);
      check (message != NULL, error);
      g_ptr_array_add (held, message);
      check (imsg_message_set_subject (message, "One level down", &error), error);
    }
  message = write_and_open (held->pdata[0]);
  g_ptr_array_add (held, message);
  for (guint i = 0; i < scale->n; i++)
    {
      g_autoptr(IMsgAttachment) attachment =
        g_list_model_get_item (imsg_message_get_attachments (message), 0);

      message = imsg_attachment_open_message (attachment, NULL, &error);
      check (message != NULL, error);
      g_ptr_array_add (held, message);
      read_values (scale, IMSG_PROPERTY_OBJECT (message));
    }
}

static void
nest_messages (Scale *scale)
{
  for (guint i = 0; i < N_TREES; i++)
    nest_once (scale);
}

/* Added from a file, saved to a file, and read again: n mebibytes */
static void
store_large (Scale *scale)
{
  g_autofree char *data_path = g_strdup_printf ("%s/data.bin", scale->folder);
  g_autofree char *path = g_strdup_printf ("%s/large.msg", scale->folder);
  g_autoptr(GFile) data = g_file_new_for_path (data_path);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(IMsgAttachment) found = NULL;
  g_autoptr(GInputStream) stream = NULL;
  int fd = open (data_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || ftruncate (fd, (off_t) scale->n << 20) != 0)
    g_error ("%s: cannot be written", data_path);
  close (fd);
  check (imsg_attachment_set_file (attachment, data, NULL, &error) &&
           imsg_message_save_as (message, file, IMSG_SAVE_NONE, NULL, &error), error);
  again = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  check (again != NULL, error);
  found = g_list_model_get_item (imsg_message_get_attachments (again), 0);
  stream = imsg_attachment_open_stream (found, NULL, &error);
  check (stream != NULL, error);
  scale->n_done += bench_drain (stream);
}

static void
name_properties (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < scale->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Property %u", i);
      guint id = imsg_property_object_resolve_name (object, STRING_SET, name, TRUE, &error);

      check (id != 0, error);
      check (imsg_property_object_set_string (object, id << 16 | IMSG_PROPERTY_TYPE_UNICODE, name,
                                              &error), error);
    }
  again = write_and_open (message);
  read_values (scale, IMSG_PROPERTY_OBJECT (again));
  for (guint i = 0; i < scale->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Property %u", i);

      check (imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (again), STRING_SET, name,
                                                FALSE, &error) != 0, error);
    }
}

static void
list_values (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = make_message (session);
  g_autoptr(IMsgMessage) again = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < scale->n; i++)
    {
      g_autofree char *text = g_strdup_printf ("Value number %u", i);

      g_variant_builder_add (&builder, "s", text);
    }
  check (imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), LIST_TAG,
                                         g_variant_builder_end (&builder), &error), error);
  again = write_and_open (message);
  value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (again), LIST_TAG, &error);
  check (value != NULL, error);
  if (g_variant_n_children (value) != scale->n)
    g_error ("%zu values came back of %u", g_variant_n_children (value), scale->n);
}

static const Row rows[] = {
  { "messages", "messages in a session", 5000, open_messages },
  { "recipients", "recipients", 2000, add_recipients },
  { "attachments", "attachments", 2000, add_attachments },
  { "removed", "recipients, removed again", 4000, remove_recipients },
  { "modified", "rows told one by one", 4000, modify_rows },
  { "levels", "levels (50 such messages)", 8, nest_messages },
  { "large", "MiB of attachment", 256, store_large },
  { "named", "named properties", 5000, name_properties },
  { "values", "values in one property", 10000, list_values },
};

/* A child: its memory is its own. Processor time, which others on the machine do not lengthen. */
static int
be_child (const char *folder,
          const char *key,
          const char *n)
{
  Scale scale = { .folder = folder, .n = (guint) atoi (n) };
  guint64 before_kib = bench_forget_peak ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].key, key) == 0)
      {
        double before_ms = bench_get_processor_ms ();

        rows[i].work (&scale);
        bench_print_child (bench_get_processor_ms () - before_ms,
                           bench_get_memory () - before_kib, scale.n_done);
        return 0;
      }
  return 2;
}

/* The least of a few children */
static gboolean
measure (const Row  *row,
         const char *folder,
         guint       n,
         BenchChild *least)
{
  g_autofree char *text = g_strdup_printf ("%u", n);

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      BenchChild child;

      if (!bench_run_child (&child, folder, row->key, text, NULL))
        return FALSE;
      if (round == 0)
        *least = child;
      least->time_ms = MIN (least->time_ms, child.time_ms);
      least->peak_kib = MIN (least->peak_kib, child.peak_kib);
    }
  return TRUE;
}

static void
bench_row (const Row  *row,
           const char *folder)
{
  BenchChild sizes[N_SIZES];
  g_autofree char *time = g_strdup_printf ("    %s: time of four times as many", row->name);
  g_autofree char *memory = g_strdup_printf ("    %s: their memory", row->name);

  for (guint i = 0; i < N_SIZES; i++)
    {
      if (!measure (row, folder, row->n << i, &sizes[i]))
        return;
      g_print ("%6u %-28s %10.1f ms %10.1f MiB\n", row->n << i, row->name, sizes[i].time_ms,
               (double) sizes[i].peak_kib / 1024);
    }
  bench_report_bound (time, sizes[2].time_ms / sizes[0].time_ms, BUDGET_LINEAR, "x");
  bench_report_bound (memory, (double) sizes[2].peak_kib /
                                (double) (sizes[0].peak_kib + MEMORY_SLACK_KIB),
                      BUDGET_LINEAR, "x");
}

static void
write_messages (Scale *scale)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();

  for (guint i = 0; i < scale->n; i++)
    {
      g_autoptr(IMsgMessage) message = make_message (session);
      g_autofree char *subject = g_strdup_printf ("Message number %u", i);
      g_autofree char *text = g_strnfill (500, 'a' + i % 26);
      g_autofree char *path = get_path (scale, i);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;

      check (imsg_message_set_subject (message, subject, &error) &&
               imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY, text,
                                                &error), error);
      g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann Lee",
                                                  "ann@example.com", &error));
      bytes = imsg_message_write_to_bytes (message, NULL, &error);
      check (bytes != NULL &&
               g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes), &error), error);
      imsg_message_close (message);
    }
}

int
main (int   argc,
      char *argv[])
{
  Scale scale = { .n = rows[0].n << (N_SIZES - 1) };
  g_autofree char *folder = NULL;

  if (argc == 4)
    return be_child (argv[1], argv[2], argv[3]);
  folder = bench_make_folder ();
  if (!bench_has_room (folder, 4096))
    {
      bench_skip ("how it scales", "under 4 GiB of room for temporary files");
      bench_remove_folder (folder);
      return 77;
    }
  scale.folder = folder;
  write_messages (&scale);
  /* A row by its key, or all of them */
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (argc < 2 || strcmp (argv[1], rows[i].key) == 0)
      bench_row (&rows[i], folder);
  bench_remove_folder (folder);
  return bench_finish ();
}
