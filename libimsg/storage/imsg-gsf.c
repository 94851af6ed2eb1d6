/* imsg-gsf.c - the bridge between storages and libgsf
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gsf/gsf-output-impl.h>

#include "imsg-filetime-private.h"
#include "imsg-gsf.h"
#include "imsg-gsf-private.h"
#include "imsg-property-set-private.h"
#include "imsg-storage-object-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define SLICE ((gsize) 64 << 10)
/* A compound file that libgsf writes keeps 32 bits of each size. */
#define GSF_STREAM_MAX G_GUINT64_CONSTANT (0xFFFFFFFF)
/* Property sets are small */
#define PROPERTY_SET_MAX ((guint64) 16 << 20)
#define OPEN_FLAGS (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED)

static gboolean
check_flags (IMsgStorageFlags   flags,
             GError           **error)
{
  if ((flags & ~OPEN_FLAGS) == 0)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS, _("The flags 0x%X make no sense here"),
               flags & ~OPEN_FLAGS);
  return FALSE;
}

/**
 * imsg_storage_open_gsf_input:
 * @input: (transfer none): a compound file, wherever libgsf has it from
 * @flags: %IMSG_STORAGE_READ, or %IMSG_STORAGE_READ_WRITE to change it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a compound file that libgsf reads: through GIO, from memory, decompressed, or as a member
 * of another file.
 *
 * libgsf only delivers the bytes: what they mean is read, and checked, as in
 * [func@IMsg.Storage.open_file]. The storage moves the position of @input and holds it; nobody
 * else may use it, nor what shares its file, in another thread. A commit changes what the storage
 * holds and writes nothing.
 *
 * Fails as [func@IMsg.Storage.open_file].
 *
 * Returns: (transfer full): its root
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_gsf_input (GsfInput          *input,
                             IMsgStorageFlags   flags,
                             GCancellable      *cancellable,
                             GError           **error)
{
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(IMsgSource) source = NULL;
  g_autoptr(IMsgDirectory) directory = NULL;

  g_return_val_if_fail (GSF_IS_INPUT (input), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (!check_flags (flags, error))
    return NULL;
  blob = _imsg_gsf_blob_new (g_object_ref (input), NULL, NULL);
  source = _imsg_source_new_for_blob (blob);
  directory = _imsg_compound_read (source, _imsg_limits_get_default (), cancellable, error);
  if (directory == NULL)
    return NULL;
  return _imsg_storage_new_root (directory, g_steal_pointer (&source), NULL, flags,
                                 _imsg_limits_get_default ());
}

/**
 * imsg_storage_open_gsf_infile:
 * @infile: (transfer none): any container that libgsf can read
 * @flags: %IMSG_STORAGE_READ, or %IMSG_STORAGE_READ_WRITE to change the storage over it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lays a storage over a container of libgsf, such as a zip file or a part of a compound file.
 *
 * Members whose names have no place in a storage (over 31 UTF-16 units, or with one of `/ \ : !`) are
 * left out, and told as problems. Of names that differ by case only the first is found. What libgsf
 * does not know, creation times and state bits, is 0. The storage holds @infile; nobody else may use
 * it in another thread. A commit changes what the storage holds and writes nothing.
 *
 * libgsf does not check its input as this library does: this is for files that are trusted. To
 * open a compound file use [func@IMsg.Storage.open_gsf_input].
 *
 * Fails with %IMSG_ERROR_TOO_BIG over the limit of entries, %IMSG_ERROR_INVALID_FLAGS.
 *
 * Returns: (transfer full): a storage that shows it
 * Since: 1.0
 */
IMsgStorage *
imsg_storage_open_gsf_infile (GsfInfile         *infile,
                              IMsgStorageFlags   flags,
                              GCancellable      *cancellable,
                              GError           **error)
{
  g_autoptr(IMsgDirectory) directory = NULL;

  g_return_val_if_fail (GSF_IS_INFILE (infile), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (!check_flags (flags, error))
    return NULL;
  directory = _imsg_gsf_read_infile (infile, _imsg_limits_get_default (), cancellable, error);
  if (directory == NULL)
    return NULL;
  return _imsg_storage_new_root (directory, NULL, NULL, flags, _imsg_limits_get_default ());
}

/**
 * imsg_storage_open_as_gsf_infile:
 * @self: a storage
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Shows what it holds to libgsf.
 *
 * The container goes on showing what @self holds now, whatever is changed and even after @self is
 * closed. Storages have 0 or more members there, streams -1. Names are found without case.
 *
 * Fails with %IMSG_ERROR_CLOSED.
 *
 * Returns: (transfer full): a container
 * Since: 1.0
 */
GsfInfile *
imsg_storage_open_as_gsf_infile (IMsgStorage   *self,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !_imsg_storage_check_open (self, error) || !_imsg_storage_publish_streams (self, error))
    return NULL;
  self->node->is_shared = TRUE;
  return _imsg_gsf_infile_new (self->node);
}

/* --- writing --- */

typedef struct
{
  GsfOutfile   *outfile;
  GCancellable *cancellable;
  GError       *error;
} Write;

static gboolean
fail (GsfOutput   *output,
      const char  *name,
      GError     **error)
{
  const GError *cause = output != NULL ? gsf_output_error (output) : NULL;

  if (cause != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("libgsf could not write “%s”: %s"), name,
                 cause->message);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("libgsf could not write “%s”"), name);
  return FALSE;
}

static gboolean
write_stream (const IMsgMember  *member,
              const char        *name,
              GsfOutput         *output,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(IMsgBlob) blob = _imsg_member_open_blob (member, error);
  g_autofree guint8 *buffer = NULL;
  guint64 offset = 0;

  if (blob == NULL)
    return FALSE;
  if (GSF_IS_OUTFILE_MSOLE (output) && _imsg_blob_get_size (blob) > GSF_STREAM_MAX)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "“%s” has %" PRIu64 " byte, too many for libgsf",
                                "“%s” has %" PRIu64 " bytes, too many for libgsf",
                                _imsg_blob_get_size (blob)),
                   name, _imsg_blob_get_size (blob));
      return FALSE;
    }
  buffer = g_malloc (SLICE);
  while (offset < _imsg_blob_get_size (blob))
    {
      gssize n = _imsg_blob_read (blob, offset, buffer, SLICE, cancellable, error);

      if (n < 0)
        return FALSE;
      if (n == 0 || !gsf_output_write (output, n, buffer))
        return fail (output, name, error);
      offset += n;
    }
  return TRUE;
}

static gboolean write_members (IMsgNode      *node,
                               GsfOutfile    *outfile,
                               GCancellable  *cancellable,
                               GError       **error);

static gboolean
write_member (const IMsgMember *member,
              gpointer          user_data)
{
  Write *state = user_data;
  gboolean is_storage = member->entry.kind == IMSG_STORAGE_ENTRY_STORAGE;
  g_autofree char *name = _imsg_name_to_utf8 (member->entry.name, member->entry.n_units);
  GsfOutput *output = NULL;
  gboolean is_written = FALSE;
  gboolean is_closed = FALSE;

  if (g_cancellable_set_error_if_cancelled (state->cancellable, &state->error))
    return FALSE;
  output = gsf_outfile_new_child (state->outfile, name, is_storage);
  if (output == NULL)
    return fail (GSF_OUTPUT (state->outfile), name, &state->error);
  if (is_storage)
    {
      g_autoptr(IMsgNode) node = _imsg_node_new_for_member (member);
      g_autoptr(GDateTime) modified = NULL;

      if (member->entry.modification_time != 0)
        modified = _imsg_filetime_to_date_time (member->entry.modification_time);
      if (modified != NULL)
        gsf_output_set_modtime (output, modified);
      is_written = write_members (node, GSF_OUTFILE (output), state->cancellable, &state->error);
    }
  else
    is_written = write_stream (member, name, output, state->cancellable, &state->error);
  /* What is not closed stays in the way of the next. */
  is_closed = gsf_output_is_closed (output) || gsf_output_close (output);
  if (is_written && !is_closed)
    is_written = fail (output, name, &state->error);
  g_object_unref (output);
  return is_written;
}

/* Recursion goes no deeper than storages may nest. */
static gboolean
write_members (IMsgNode      *node,
               GsfOutfile    *outfile,
               GCancellable  *cancellable,
               GError       **error)
{
  Write state = { outfile, cancellable, NULL };

  if (GSF_IS_OUTFILE_MSOLE (outfile) && !_imsg_guid_is_nil (&node->entry.class_id))
    gsf_outfile_msole_set_class_id (GSF_OUTFILE_MSOLE (outfile), node->entry.class_id.bytes);
  _imsg_node_foreach (node, 0, write_member, &state);
  if (state.error == NULL)
    return TRUE;
  g_propagate_error (error, state.error);
  return FALSE;
}

/**
 * imsg_storage_write_to_gsf_outfile:
 * @self: a storage
 * @outfile: (transfer none): any container that libgsf can write
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes what it holds to a container of libgsf, such as a zip file.
 *
 * Compound files of libgsf get classes and times of storages too. The container is not closed:
 * that is left to the caller, and may be what fails. After an error it is not complete.
 *
 * Fails with %IMSG_ERROR_TOO_BIG for a stream that libgsf cannot write, %IMSG_ERROR_CORRUPT_DATA
 * when one cannot be read, %IMSG_ERROR_CLOSED, or a %G_IO_ERROR.
 *
 * Returns: %TRUE if all was written
 * Since: 1.0
 */
gboolean
imsg_storage_write_to_gsf_outfile (IMsgStorage   *self,
                                   GsfOutfile    *outfile,
                                   GCancellable  *cancellable,
                                   GError       **error)
{
  gboolean is_written = FALSE;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), FALSE);
  g_return_val_if_fail (GSF_IS_OUTFILE (outfile), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  if (!_imsg_storage_check_open (self, error) || !_imsg_storage_publish_streams (self, error))
    return FALSE;
  _imsg_gsf_enter ();
  is_written = write_members (self->node, outfile, cancellable, error);
  _imsg_gsf_leave ();
  return is_written;
}

/* --- document properties --- */

/* FALSE with no error: there is none. */
static gboolean
read_property_set (IMsgStorage     *self,
                   const char      *name,
                   GsfDocMetaData  *properties,
                   GCancellable    *cancellable,
                   GError         **error)
{
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) sifted = NULL;
  g_autoptr(GError) local_error = NULL;
  GsfInput *input = NULL;
  IMsgStorageEntryKind kind = 0;

  if (!_imsg_storage_lookup (self, name, &kind, NULL) || kind != IMSG_STORAGE_ENTRY_STREAM)
    return FALSE;
  blob = _imsg_storage_get_blob (self, name, error);
  if (blob == NULL)
    return FALSE;
  bytes = _imsg_blob_read_all (blob, PROPERTY_SET_MAX, cancellable, error);
  if (bytes == NULL)
    return FALSE;
  sifted = _imsg_property_set_sift (bytes);
  if (sifted != NULL)
    {
      _imsg_gsf_enter ();
      input = gsf_input_memory_new (g_bytes_get_data (sifted, NULL), g_bytes_get_size (sifted),
                                    FALSE);
      local_error = gsf_doc_meta_data_read_from_msole (properties, input);
      g_object_unref (input);
      _imsg_gsf_leave ();
      if (local_error == NULL)
        return TRUE;
    }
  if (local_error != NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                 _("The document properties in “%s” make no sense: %s"), name + 1,
                 local_error->message);
  else
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                 _("The tables of the document properties in “%s” lead elsewhere"), name + 1);
  return FALSE;
}

/**
 * imsg_storage_read_document_properties:
 * @self: a storage
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads the title, the author and so on of a document in a storage, such as an OLE attachment.
 *
 * They are read by libgsf, after a check that the tables of the property sets lead nowhere else. A
 * property whose value cannot be, or is one that libgsf does not read, is left out: text of over
 * 65535 bytes is one, and text in a code page it does not have.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when there are none, %IMSG_ERROR_CORRUPT_DATA,
 * %IMSG_ERROR_TOO_BIG, %IMSG_ERROR_CLOSED, or a %G_IO_ERROR.
 *
 * Source: [MS-OLEPS]; the streams `\005SummaryInformation` and `\005DocumentSummaryInformation`.
 *
 * Returns: (transfer full): the properties
 * Since: 1.0
 */
GsfDocMetaData *
imsg_storage_read_document_properties (IMsgStorage   *self,
                                       GCancellable  *cancellable,
                                       GError       **error)
{
  static const char *names[] = { "\005SummaryInformation", "\005DocumentSummaryInformation" };
  GsfDocMetaData *properties = NULL;
  GError *local_error = NULL;
  guint n_read = 0;

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  if (!_imsg_storage_check_open (self, error))
    return NULL;
  properties = gsf_doc_meta_data_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names) && local_error == NULL; i++)
    n_read += read_property_set (self, names[i], properties, cancellable, &local_error);
  if (local_error == NULL && n_read > 0)
    return properties;
  g_object_unref (properties);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND,
                 _("The storage “%s” has no document properties"), imsg_storage_get_name (self));
  return NULL;
}
