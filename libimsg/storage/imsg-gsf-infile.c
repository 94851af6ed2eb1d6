/* imsg-gsf-infile.c - streams and storages as libgsf sees its own
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gsf/gsf-infile-impl.h>
#include <gsf/gsf-input-impl.h>

#include "imsg-filetime-private.h"
#include "imsg-gsf-private.h"

/* --- an input over a blob --- */

typedef struct
{
  GsfInput parent_instance;

  IMsgBlob *blob;
  guint8   *buffer; /* for callers with none of their own */
  gsize     n_allocated;
} IMsgGsfInput;

typedef struct
{
  GsfInputClass parent_class;
} IMsgGsfInputClass;

static GType imsg_gsf_input_get_type (void);

G_DEFINE_TYPE (IMsgGsfInput, imsg_gsf_input, GSF_INPUT_TYPE)

static GsfInput *
imsg_gsf_input_dup (GsfInput  *input,
                    GError   **error)
{
  return _imsg_gsf_input_new (((IMsgGsfInput *) input)->blob, gsf_input_name (input));
}

static const guint8 *
imsg_gsf_input_read (GsfInput *input,
                     size_t    n_bytes,
                     guint8   *buffer)
{
  IMsgGsfInput *self = (IMsgGsfInput *) input;
  gsize n_done = 0;

  if (buffer == NULL && n_bytes > self->n_allocated)
    {
      guint8 *larger = g_try_realloc (self->buffer, n_bytes);

      if (larger == NULL)
        return NULL;
      self->buffer = larger;
      self->n_allocated = n_bytes;
    }
  if (buffer == NULL)
    buffer = self->buffer;
  while (n_done < n_bytes)
    {
      gssize n = _imsg_blob_read (self->blob, gsf_input_tell (input) + n_done, buffer + n_done,
                                  n_bytes - n_done, NULL, NULL);

      if (n <= 0)
        return NULL;
      n_done += n;
    }
  return buffer;
}

/* The position is kept by the base class; FALSE says that all is well. */
static gboolean
imsg_gsf_input_seek (GsfInput  *input,
                     gsf_off_t  offset,
                     GSeekType  type)
{
  return FALSE;
}

static void
imsg_gsf_input_finalize (GObject *object)
{
  IMsgGsfInput *self = (IMsgGsfInput *) object;

  g_clear_pointer (&self->blob, _imsg_blob_unref);
  g_clear_pointer (&self->buffer, g_free);

  G_OBJECT_CLASS (imsg_gsf_input_parent_class)->finalize (object);
}

static void
imsg_gsf_input_class_init (IMsgGsfInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imsg_gsf_input_finalize;
  GSF_INPUT_CLASS (klass)->Dup = imsg_gsf_input_dup;
  GSF_INPUT_CLASS (klass)->Read = imsg_gsf_input_read;
  GSF_INPUT_CLASS (klass)->Seek = imsg_gsf_input_seek;
}

static void
imsg_gsf_input_init (IMsgGsfInput *self)
{
}

GsfInput *
_imsg_gsf_input_new (IMsgBlob   *blob,
                     const char *name)
{
  IMsgGsfInput *self = g_object_new (imsg_gsf_input_get_type (), NULL);

  self->blob = _imsg_blob_ref (blob);
  gsf_input_set_name (GSF_INPUT (self), name);
  gsf_input_set_size (GSF_INPUT (self), _imsg_blob_get_size (blob));
  return GSF_INPUT (self);
}

/* --- a container over a node --- */

typedef struct
{
  GsfInfile parent_instance;

  IMsgNode  *node;
  GPtrArray *names; /* (element-type utf8) (nullable elements): those given out */
} IMsgGsfInfile;

typedef struct
{
  GsfInfileClass parent_class;
} IMsgGsfInfileClass;

static GType imsg_gsf_infile_get_type (void);

G_DEFINE_TYPE (IMsgGsfInfile, imsg_gsf_infile, GSF_INFILE_TYPE)

static int
imsg_gsf_infile_num_children (GsfInfile *infile)
{
  return _imsg_node_get_n_members (((IMsgGsfInfile *) infile)->node);
}

static const char *
imsg_gsf_infile_name_by_index (GsfInfile *infile,
                               int        i)
{
  IMsgGsfInfile *self = (IMsgGsfInfile *) infile;
  IMsgMember member;

  if (i < 0 || !_imsg_node_get_member (self->node, i, &member))
    return NULL;
  if ((guint) i >= self->names->len)
    g_ptr_array_set_size (self->names, _imsg_node_get_n_members (self->node));
  if (g_ptr_array_index (self->names, i) == NULL)
    g_ptr_array_index (self->names, i) = _imsg_name_to_utf8 (member.entry.name,
                                                             member.entry.n_units);
  return g_ptr_array_index (self->names, i);
}

static GsfInput *
open_member (GsfInfile         *infile,
             const IMsgMember  *member,
             GError           **error)
{
  g_autofree char *name = _imsg_name_to_utf8 (member->entry.name, member->entry.n_units);
  g_autoptr(GDateTime) modified = NULL;
  GsfInput *input = NULL;

  if (member->entry.kind == IMSG_STORAGE_ENTRY_STREAM)
    {
      g_autoptr(IMsgBlob) blob = _imsg_member_open_blob (member, error);

      if (blob == NULL)
        return NULL;
      input = _imsg_gsf_input_new (blob, name);
    }
  else
    {
      g_autoptr(IMsgNode) node = _imsg_node_new_for_member (member);

      node->is_shared = TRUE;
      input = GSF_INPUT (_imsg_gsf_infile_new (node));
    }
  gsf_input_set_container (input, infile);
  modified = member->entry.modification_time != 0
    ? _imsg_filetime_to_date_time (member->entry.modification_time) : NULL;
  if (modified != NULL)
    gsf_input_set_modtime (input, modified);
  return input;
}

static GsfInput *
imsg_gsf_infile_child_by_index (GsfInfile  *infile,
                                int         i,
                                GError    **error)
{
  IMsgMember member;

  if (i < 0 || !_imsg_node_get_member (((IMsgGsfInfile *) infile)->node, i, &member))
    return NULL;
  return open_member (infile, &member, error);
}

static GsfInput *
imsg_gsf_infile_child_by_name (GsfInfile   *infile,
                               const char  *name,
                               GError     **error)
{
  gunichar2 units[IMSG_NAME_UNITS];
  guint n_units = _imsg_name_from_utf8 (name, units, NULL);
  IMsgMember member;

  if (n_units == 0 ||
      !_imsg_node_find (((IMsgGsfInfile *) infile)->node, units, n_units, &member))
    return NULL;
  return open_member (infile, &member, error);
}

static GsfInput *
imsg_gsf_infile_dup (GsfInput  *input,
                     GError   **error)
{
  GsfInput *copy = GSF_INPUT (_imsg_gsf_infile_new (((IMsgGsfInfile *) input)->node));

  if (gsf_input_container (input) != NULL)
    gsf_input_set_container (copy, gsf_input_container (input));
  return copy;
}

static const guint8 *
imsg_gsf_infile_read (GsfInput *input,
                      size_t    n_bytes,
                      guint8   *buffer)
{
  return NULL;
}

static void
imsg_gsf_infile_finalize (GObject *object)
{
  IMsgGsfInfile *self = (IMsgGsfInfile *) object;

  g_clear_pointer (&self->node, _imsg_node_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);

  G_OBJECT_CLASS (imsg_gsf_infile_parent_class)->finalize (object);
}

static void
imsg_gsf_infile_class_init (IMsgGsfInfileClass *klass)
{
  GsfInfileClass *infile_class = GSF_INFILE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = imsg_gsf_infile_finalize;
  GSF_INPUT_CLASS (klass)->Dup = imsg_gsf_infile_dup;
  GSF_INPUT_CLASS (klass)->Read = imsg_gsf_infile_read;
  GSF_INPUT_CLASS (klass)->Seek = imsg_gsf_input_seek;
  infile_class->num_children = imsg_gsf_infile_num_children;
  infile_class->name_by_index = imsg_gsf_infile_name_by_index;
  infile_class->child_by_index = imsg_gsf_infile_child_by_index;
  infile_class->child_by_name = imsg_gsf_infile_child_by_name;
}

static void
imsg_gsf_infile_init (IMsgGsfInfile *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
}

GsfInfile *
_imsg_gsf_infile_new (IMsgNode *node)
{
  IMsgGsfInfile *self = g_object_new (imsg_gsf_infile_get_type (), NULL);
  g_autofree char *name = _imsg_name_to_utf8 (node->entry.name, node->entry.n_units);

  self->node = _imsg_node_ref (node);
  gsf_input_set_name (GSF_INPUT (self), name);
  gsf_input_set_size (GSF_INPUT (self), 0);
  return GSF_INFILE (self);
}
