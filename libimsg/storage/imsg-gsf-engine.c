/* imsg-gsf-engine.c - the second engine: whatever libgsf has a container class for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-compound-private.h"
#include "imsg-error.h"
#include "imsg-filetime-private.h"
#include "imsg-gsf-private.h"
#include "imsg-problem-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* libgsf walks the members of a storage by recursion, and a file that it wrote itself has them in
 * one long chain; more overflow the stack of a thread. */
#define CHAIN_MAX 8000

typedef struct
{
  IMsgDirectoryEntry entry;
  GsfInfile         *infile;  /* of a storage */
  guint32            parent;
  int                index;   /* in the infile of parent */
  guint              depth;
  guint32            first;   /* the number of its first member */
  guint32            n_members;
} GsfEntry;

typedef struct
{
  GArray *entries; /* (element-type GsfEntry) */
  GBytes *bytes;   /* what libgsf reads from without holding it; may be NULL */
} GsfEngine;

static void
gsf_get_entry (gpointer            engine,
               guint32             entry,
               IMsgDirectoryEntry *out)
{
  GsfEngine *self = engine;

  *out = g_array_index (self->entries, GsfEntry, entry).entry;
}

static guint32
gsf_get_children (gpointer  engine,
                  guint32   storage,
                  guint    *n_children)
{
  GsfEngine *self = engine;
  const GsfEntry *entry = &g_array_index (self->entries, GsfEntry, storage);

  *n_children = entry->n_members;
  return entry->first;
}

static IMsgBlob *
gsf_open_stream (gpointer        engine,
                 IMsgDirectory  *directory,
                 guint32         stream,
                 GError        **error)
{
  GsfEngine *self = engine;
  const GsfEntry *entry = &g_array_index (self->entries, GsfEntry, stream);
  const GsfEntry *parent = &g_array_index (self->entries, GsfEntry, entry->parent);
  GsfInput *input = NULL;
  IMsgBlob *blob = NULL;

  _imsg_gsf_enter ();
  input = gsf_infile_child_by_index (parent->infile, entry->index);
  if (input != NULL)
    blob = _imsg_gsf_blob_new (input, _imsg_directory_ref (directory),
                               (GDestroyNotify) _imsg_directory_unref);
  _imsg_gsf_leave ();
  if (blob == NULL)
    {
      g_autofree char *name = _imsg_name_to_utf8 (entry->entry.name, entry->entry.n_units);

      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("libgsf cannot open the stream “%s”"), name);
    }
  return blob;
}

static void
gsf_free (gpointer engine)
{
  GsfEngine *self = engine;

  _imsg_gsf_enter ();
  for (guint i = self->entries->len; i-- > 0;)
    g_clear_object (&g_array_index (self->entries, GsfEntry, i).infile);
  _imsg_gsf_leave ();
  g_array_unref (self->entries);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static gsize
gsf_get_memory_use (gpointer engine)
{
  GsfEngine *self = engine;

  return sizeof *self + self->entries->len * sizeof (GsfEntry);
}

static const IMsgEngineClass gsf_class = {
  .get_entry = gsf_get_entry,
  .get_children = gsf_get_children,
  .open_stream = gsf_open_stream,
  .free = gsf_free,
  .get_memory_use = gsf_get_memory_use,
};

/* What a compound file has is shown, whatever it is called */
static gboolean
encode_name (GsfInfile          *infile,
             const char         *name,
             IMsgDirectoryEntry *entry)
{
  glong n_units = 0;
  g_autofree gunichar2 *units = NULL;

  if (name != NULL && !GSF_IS_INFILE_MSOLE (infile))
    {
      entry->n_units = _imsg_name_from_utf8 (name, entry->name, NULL);
      return entry->n_units > 0;
    }
  units = name != NULL ? g_utf8_to_utf16 (name, -1, NULL, &n_units, NULL) : NULL;
  if (units == NULL || n_units < 1 || n_units >= IMSG_NAME_UNITS)
    return FALSE;
  memcpy (entry->name, units, n_units * sizeof *units);
  entry->n_units = n_units;
  return TRUE;
}

static void
read_facts (GsfInput *input,
            GsfEntry *entry)
{
  GDateTime *modified = gsf_input_get_modtime (input);

  if (modified != NULL &&
      !_imsg_filetime_from_date_time (modified, &entry->entry.modification_time))
    entry->entry.modification_time = 0;
  if (GSF_IS_INFILE_MSOLE (input) && entry->entry.kind == IMSG_STORAGE_ENTRY_STORAGE &&
      !gsf_infile_msole_get_class_id (GSF_INFILE_MSOLE (input), entry->entry.class_id.bytes))
    memset (&entry->entry.class_id, 0, sizeof entry->entry.class_id);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const GsfEntry *entry_a = a;
  const GsfEntry *entry_b = b;

  return _imsg_name_compare (entry_a->entry.name, entry_a->entry.n_units, entry_b->entry.name,
                             entry_b->entry.n_units);
}

static void
add_member (GsfEngine *self,
            guint32    storage,
            int        index,
            GPtrArray *problems)
{
  GsfInfile *infile = g_array_index (self->entries, GsfEntry, storage).infile;
  const char *name = gsf_infile_name_by_index (infile, index);
  GsfInput *input = NULL;
  GsfEntry entry = { 0 };

  if (!encode_name (infile, name, &entry.entry))
    {
      _imsg_problem_list_tell (problems, name != NULL ? name : "", IMSG_ERROR_NO_SUPPORT,
                               _("A storage has no place for a member of that name; it is left "
                                 "out"));
      return;
    }
  input = gsf_infile_child_by_index (infile, index);
  if (input == NULL)
    {
      _imsg_problem_list_tell (problems, name, IMSG_ERROR_CORRUPT_DATA,
                               _("libgsf cannot open the member"));
      return;
    }
  entry.parent = storage;
  entry.index = index;
  entry.depth = g_array_index (self->entries, GsfEntry, storage).depth + 1;
  /* In a compound file all are containers for libgsf; streams have -1 members. */
  if (GSF_IS_INFILE (input) && gsf_infile_num_children (GSF_INFILE (input)) >= 0)
    {
      entry.entry.kind = IMSG_STORAGE_ENTRY_STORAGE;
      entry.infile = GSF_INFILE (g_object_ref (input));
    }
  else
    {
      entry.entry.kind = IMSG_STORAGE_ENTRY_STREAM;
      entry.entry.n_bytes = MAX (gsf_input_size (input), 0);
    }
  read_facts (input, &entry);
  g_object_unref (input);
  g_array_append_val (self->entries, entry);
}

/* A zip may have names that differ by case only. */
static void
tell_twins (GsfEngine *self,
            guint32    first,
            guint32    n_members,
            GPtrArray *problems)
{
  const GsfEntry *members = &g_array_index (self->entries, GsfEntry, first);
  guint n_same = 0;

  for (guint32 i = 1; i < n_members; i++)
    n_same += compare_entries (&members[i - 1], &members[i], NULL) == 0;
  if (n_same > 0)
    _imsg_problem_list_tell (problems, "", IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "%u member has the name of another one",
                                          "%u members have the name of another one",
                                          n_same),
                             n_same);
}

static gboolean
read_members (GsfEngine         *self,
              guint32            storage,
              const IMsgLimits  *limits,
              GPtrArray         *problems,
              GError           **error)
{
  GsfEntry *entry = &g_array_index (self->entries, GsfEntry, storage);
  int n_members = gsf_infile_num_children (entry->infile);
  guint32 first = self->entries->len;

  if (n_members > 0 && (guint64) n_members + self->entries->len >
                         limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES])
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "The container has more than %" PRIu64 " member",
                                "The container has more than %" PRIu64 " members",
                                limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES]),
                   limits->values[IMSG_LIMIT_DIRECTORY_ENTRIES]);
      return FALSE;
    }
  if (n_members > 0 && entry->depth > _imsg_limits_get_storage_depth (limits))
    {
      _imsg_problem_list_tell (problems, "", IMSG_ERROR_TOO_COMPLEX,
                               _("Storages are nested over %u deep; the rest is left out"),
                               entry->depth);
      return TRUE;
    }
  for (int i = 0; i < n_members; i++)
    add_member (self, storage, i, problems);
  entry = &g_array_index (self->entries, GsfEntry, storage);
  entry->first = first;
  entry->n_members = self->entries->len - first;
  /* Nothing knows their numbers yet */
  if (entry->n_members > 1)
    g_qsort_with_data (&g_array_index (self->entries, GsfEntry, first), entry->n_members,
                       sizeof (GsfEntry), compare_entries, NULL);
  tell_twins (self, first, entry->n_members, problems);
  return TRUE;
}

/* Takes bytes. */
static IMsgDirectory *
read_infile (GsfInfile         *infile,
             GBytes            *bytes,
             guint              version,
             const IMsgLimits  *limits,
             GCancellable      *cancellable,
             GError           **error)
{
  GsfEngine *self = g_new0 (GsfEngine, 1);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  GsfEntry root = { 0 };
  gboolean is_read = TRUE;

  self->entries = g_array_new (FALSE, TRUE, sizeof (GsfEntry));
  self->bytes = bytes;
  root.entry.n_units = _imsg_name_from_utf8 ("Root Entry", root.entry.name, NULL);
  root.entry.kind = IMSG_STORAGE_ENTRY_STORAGE;
  root.infile = g_object_ref (infile);
  _imsg_gsf_enter ();
  read_facts (GSF_INPUT (infile), &root);
  g_array_append_val (self->entries, root);
  for (guint32 i = 0; is_read && i < self->entries->len; i++)
    is_read = g_array_index (self->entries, GsfEntry, i).infile == NULL ||
              (!g_cancellable_set_error_if_cancelled (cancellable, error) &&
               read_members (self, i, limits, problems, error));
  _imsg_gsf_leave ();
  if (!is_read)
    {
      gsf_free (self);
      return NULL;
    }
  return _imsg_directory_new (&gsf_class, self, version, g_steal_pointer (&problems));
}

IMsgDirectory *
_imsg_gsf_read_infile (GsfInfile         *infile,
                       const IMsgLimits  *limits,
                       GCancellable      *cancellable,
                       GError           **error)
{
  return read_infile (infile, NULL, 3, limits, cancellable, error);
}

static gssize
source_blob_read (gpointer       source,
                  guint64        offset,
                  gpointer       buffer,
                  gsize          n_bytes,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return _imsg_source_read (source, offset, buffer, n_bytes, cancellable, error);
}

static void
source_blob_free (gpointer source)
{
  _imsg_source_unref (source);
}

static const IMsgBlobClass source_blob_class = { source_blob_read, source_blob_free };

/* A storage to be looked at */
typedef struct
{
  guint32 number;
  guint   n_above; /* members of the storages it is in: libgsf reads each by calling itself */
} Place;

/* libgsf believes what a file says, and some files bring it down; so our own engine has to find
 * nothing wrong with a file before libgsf sees it. */
static gboolean
check_harmless (IMsgSource        *source,
                const IMsgLimits  *limits,
                GCancellable      *cancellable,
                GError           **error)
{
  g_autoptr(IMsgDirectory) directory = _imsg_compound_read (source, limits, cancellable, error);
  g_autoptr(GArray) storages = NULL;
  GPtrArray *problems = NULL;
  const Place root = { 0, 0 };

  if (directory == NULL)
    return FALSE;
  problems = _imsg_directory_get_problems (directory);
  if (problems->len > 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("The file is damaged, and not for libgsf: %s"),
                   imsg_problem_get_text (g_ptr_array_index (problems, 0)));
      return FALSE;
    }
  storages = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_append_val (storages, root);
  for (guint i = 0; i < storages->len; i++)
    {
      Place place = g_array_index (storages, Place, i);
      guint n_members = 0;
      guint32 first = _imsg_directory_get_children (directory, place.number, &n_members);

      if (n_members > CHAIN_MAX - place.n_above)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "A storage has %u member, which may be too many for libgsf",
                                    "A storage has %u members, which may be too many for libgsf",
                                    n_members),
                       n_members);
          return FALSE;
        }
      for (guint32 member = first; member < first + n_members; member++)
        {
          guint64 n_bytes = 0;
          Place below = { member, place.n_above + n_members };

          if (_imsg_directory_get_kind (directory, member, &n_bytes) ==
              IMSG_STORAGE_ENTRY_STORAGE)
            g_array_append_val (storages, below);
        }
    }
  return TRUE;
}

IMsgDirectory *
_imsg_gsf_read (IMsgSource        *source,
                const IMsgLimits  *limits,
                GCancellable      *cancellable,
                GError           **error)
{
  IMsgDirectory *directory = NULL;
  GBytes *bytes = _imsg_source_peek_bytes (source);
  GsfInput *input = NULL;
  GsfInfile *infile = NULL;
  g_autoptr(GError) local_error = NULL;
  guint8 version = 3;

  if (!check_harmless (source, limits, cancellable, error) ||
      _imsg_source_read (source, HEADER_MAJOR_VERSION, &version, 1, cancellable, error) < 0)
    return NULL;
  _imsg_gsf_enter ();
  if (bytes != NULL)
    {
      gsize n_bytes = 0;
      const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

      input = gsf_input_memory_new (data, n_bytes, FALSE);
    }
  else
    {
      g_autoptr(IMsgBlob) blob = _imsg_blob_new (&source_blob_class, _imsg_source_ref (source),
                                                 _imsg_source_get_size (source));

      input = _imsg_gsf_input_new (blob, NULL);
    }
  infile = gsf_infile_msole_new (input, &local_error);
  g_object_unref (input);
  if (infile == NULL)
    {
      if (local_error != NULL)
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                     _("libgsf cannot open the file: %s"), local_error->message);
      else
        g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                             _("libgsf cannot open the file"));
    }
  else
    {
      directory = read_infile (infile, bytes != NULL ? g_bytes_ref (bytes) : NULL, version, limits,
                               cancellable, error);
      g_object_unref (infile);
    }
  _imsg_gsf_leave ();
  return directory;
}
