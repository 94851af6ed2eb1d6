/* imsg-message-shared.c - what a message shares with those in it: limits, names, problems, width
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"

#include <string.h>

IMsgMessage *
_imsg_message_get_root (IMsgMessage *self)
{
  while (self->parent != NULL && self->parent->message != NULL)
    self = self->parent->message;
  return self;
}

const IMsgLimits *
_imsg_message_get_limits (IMsgMessage *self)
{
  IMsgMessage *root = _imsg_message_get_root (self);

  return root->limits != NULL ? root->limits : _imsg_limits_get_default ();
}

IMsgNameMap *
_imsg_message_get_name_map (IMsgMessage *self)
{
  IMsgMessage *root = _imsg_message_get_root (self);
  IMsgStorage *storage = IMSG_PROPERTY_OBJECT (root)->storage;

  /* On a storage inside another the names are those of the file */
  while (IMSG_PROPERTY_OBJECT (root)->header == IMSG_STREAM_EMBEDDED && storage != NULL &&
         imsg_storage_get_parent (storage) != NULL)
    storage = imsg_storage_get_parent (storage);
  if (root->names == NULL && storage != NULL)
    {
      g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();

      root->names = _imsg_name_map_read (storage, _imsg_message_get_limits (root), problems);
      for (guint i = 0; i < problems->len; i++)
        _imsg_message_add_problem (root, imsg_problem_ref (problems->pdata[i]));
    }
  if (root->names == NULL)
    root->names = _imsg_name_map_new ();
  return root->names;
}

void
_imsg_message_add_problem (IMsgMessage *self,
                           IMsgProblem *problem)
{
  IMsgMessage *root = _imsg_message_get_root (self);

  if (root->problems == NULL)
    root->problems = _imsg_problem_list_new ();
  for (guint i = root->problems->len; i > 0; i--)
    {
      IMsgProblem *known = root->problems->pdata[i - 1];

      if (strcmp (imsg_problem_get_where (known), imsg_problem_get_where (problem)) == 0 &&
          strcmp (imsg_problem_get_text (known), imsg_problem_get_text (problem)) == 0)
        {
          imsg_problem_unref (problem);
          return;
        }
    }
  _imsg_problem_list_add (root->problems, problem);
}

/* By the mask; where there is none, by the types of the text there is. */
gboolean
_imsg_message_is_unicode (IMsgMessage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gboolean has_mask, has_string8 = FALSE, has_unicode = FALSE;
  guint32 mask = 0;

  if (self->unicode_state != 0)
    return self->unicode_state == 2;
  if (object->is_closed || !_imsg_property_object_load (object, NULL))
    return TRUE;

  has_mask = _imsg_property_object_read_stored_long (object, IMSG_PR_STORE_SUPPORT_MASK, &mask);
  for (guint i = 0; i < object->n_entries; i++)
    {
      guint type = IMSG_TAG_TYPE (object->entries[i].tag);

      has_string8 |= type == IMSG_PROPERTY_TYPE_STRING8;
      has_unicode |= type == IMSG_PROPERTY_TYPE_UNICODE;
    }
  /* Text of both widths in one message is never right: what is there decides against the mask */
  if (has_string8 != has_unicode)
    self->unicode_state = has_unicode ? 2 : 1;
  else if (has_mask)
    self->unicode_state = (mask & 0x00040000) != 0 ? 2 : 1;
  else
    self->unicode_state = 2;
  return self->unicode_state == 2;
}

/**
 * imsg_message_list_problems:
 * @self: a message
 *
 * Lists what was found to be wrong with it so far.
 *
 * Damage does not stop the reading of what is sound. Parts are looked at when they are read, so
 * the list can grow. An embedded message lists what is wrong in it and below; the outermost lists
 * everything.
 *
 * Returns: (transfer container) (element-type IMsgProblem): the problems, in the order they were met
 * Since: 1.0
 */
GPtrArray *
imsg_message_list_problems (IMsgMessage *self)
{
  IMsgMessage *root;
  g_autofree char *path = NULL;
  GPtrArray *problems;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  problems = _imsg_problem_list_new ();
  root = _imsg_message_get_root (self);
  path = _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (self));
  for (guint i = 0; root->problems != NULL && i < root->problems->len; i++)
    if (g_str_has_prefix (imsg_problem_get_where (root->problems->pdata[i]), path))
      g_ptr_array_add (problems, imsg_problem_ref (root->problems->pdata[i]));
  return problems;
}
