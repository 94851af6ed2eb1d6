/* inspector-view.c - the state of one window, which every page is given
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-view.h"

#include "inspector-property-text.h"

#include <glib/gi18n.h>

struct _InspectorView
{
  GObject             parent_instance;

  IMsgSession        *session;
  InspectorHistory   *history;
  InspectorNode      *node;      /* NULL when nothing is selected */
  IMsgPropertyObject *object;
  IMsgProperty       *property;
  GCancellable       *work;      /* of all that is under way; NULL for nothing */
  guint               n_works;
  GHashTable         *drafts;    /* IMsgPropertyObject → hash table of tag → text */
  guint               reading_source;
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_NODE,
  PROP_OBJECT,
  PROP_PROPERTY,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_REPORT,
  SIGNAL_TOAST,
  SIGNAL_REVEAL,
  SIGNAL_RETURN_TO_ROW,
  SIGNAL_DRAFT_CHANGED,
  SIGNAL_WORK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InspectorView, inspector_view, G_TYPE_OBJECT)

static void
inspector_view_dispose (GObject *object)
{
  InspectorView *self = INSPECTOR_VIEW (object);

  g_clear_handle_id (&self->reading_source, g_source_remove);
  g_clear_object (&self->property);
  g_clear_object (&self->object);
  g_clear_object (&self->node);
  if (self->session != NULL)
    imsg_session_close (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->history);
  g_clear_object (&self->work);
  g_clear_pointer (&self->drafts, g_hash_table_unref);

  G_OBJECT_CLASS (inspector_view_parent_class)->dispose (object);
}

static void
inspector_view_get_gobject_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  InspectorView *self = INSPECTOR_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_OBJECT:
      g_value_set_object (value, self->object);
      break;
    case PROP_PROPERTY:
      g_value_set_object (value, self->property);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inspector_view_class_init (InspectorViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = inspector_view_dispose;
  object_class->get_property = inspector_view_get_gobject_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, IMSG_TYPE_SESSION, flags);
  properties[PROP_NODE] = g_param_spec_object ("node", NULL, NULL, INSPECTOR_TYPE_NODE, flags);
  properties[PROP_OBJECT] =
    g_param_spec_object ("object", NULL, NULL, IMSG_TYPE_PROPERTY_OBJECT, flags);
  properties[PROP_PROPERTY] =
    g_param_spec_object ("property", NULL, NULL, IMSG_TYPE_PROPERTY, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_REPORT] =
    g_signal_new ("report", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_TOAST] =
    g_signal_new ("toast", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_REVEAL] =
    g_signal_new ("reveal", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, IMSG_TYPE_PROPERTY_OBJECT, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_RETURN_TO_ROW] =
    g_signal_new ("return-to-row", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DRAFT_CHANGED] =
    g_signal_new ("draft-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  /* With the cancellable, or NULL once all is done */
  signals[SIGNAL_WORK] =
    g_signal_new ("work", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_CANCELLABLE);
}

static void
inspector_view_init (InspectorView *self)
{
  self->session = imsg_session_new ();
  self->history = inspector_history_new ();
  self->drafts = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                        (GDestroyNotify) g_hash_table_unref);
}

InspectorView *
inspector_view_new (void)
{
  return g_object_new (INSPECTOR_TYPE_VIEW, NULL);
}

IMsgSession *
inspector_view_get_session (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->session;
}

/* Closes the session and starts an empty one */
void
inspector_view_renew_session (InspectorView *self)
{
  g_autoptr(IMsgSession) old = NULL;

  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  inspector_view_set_node (self, NULL);
  inspector_history_clear (self->history);
  g_hash_table_remove_all (self->drafts);
  old = g_steal_pointer (&self->session);
  self->session = imsg_session_new ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
  imsg_session_close (old);
}

InspectorHistory *
inspector_view_get_history (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->history;
}

InspectorNode *
inspector_view_get_node (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->node;
}

void
inspector_view_set_node (InspectorView *self,
                         InspectorNode *node)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (inspector_node_equal (self->node, node))
    return;

  g_set_object (&self->node, node);
  /* Recipients show the properties of the selected recipient, which its page sets */
  if (node == NULL || inspector_node_get_kind (node) == INSPECTOR_NODE_RECIPIENTS ||
      inspector_node_get_kind (node) == INSPECTOR_NODE_ATTACHMENTS)
    inspector_view_set_object (self, NULL);
  else
    inspector_view_set_object (self, inspector_node_get_object (node));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}

IMsgMessage *
inspector_view_get_message (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->node != NULL ? inspector_node_get_message (self->node) : NULL;
}

IMsgPropertyObject *
inspector_view_get_object (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->object;
}

void
inspector_view_set_object (InspectorView      *self,
                           IMsgPropertyObject *object)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (self->object == object)
    return;

  inspector_view_set_property (self, NULL);
  g_set_object (&self->object, object);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OBJECT]);
}

IMsgProperty *
inspector_view_get_property (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  return self->property;
}

void
inspector_view_set_property (InspectorView *self,
                             IMsgProperty  *property)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (g_set_object (&self->property, property))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROPERTY]);
}

/* Why what is shown may not be changed, in words; NULL when it may */
const char *
inspector_view_get_lock_reason (InspectorView *self)
{
  IMsgMessage *message = NULL;

  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  message = inspector_view_get_message (self);
  if (imsg_session_is_closed (self->session))
    return _("The session was closed.");
  if (message == NULL || imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    return _("No message is selected.");
  if (!imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (message)))
    return _("The message is open for reading only.");
  return NULL;
}

/* Whether what is shown may be changed at all */
gboolean
inspector_view_can_edit (InspectorView *self)
{
  return inspector_view_get_lock_reason (self) == NULL;
}

void
inspector_view_report (InspectorView *self,
                       const char    *what,
                       const GError  *error)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  g_signal_emit (self, signals[SIGNAL_REPORT], 0, what, error);
}

void
inspector_view_toast (InspectorView *self,
                      const char    *text)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  g_signal_emit (self, signals[SIGNAL_TOAST], 0, text);
}

GCancellable *
inspector_view_start_work (InspectorView *self)
{
  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  /* What was cancelled takes nothing new along */
  if (self->n_works++ == 0 || g_cancellable_is_cancelled (self->work))
    {
      g_clear_object (&self->work);
      self->work = g_cancellable_new ();
      g_signal_emit (self, signals[SIGNAL_WORK], 0, self->work);
    }
  return self->work;
}

void
inspector_view_end_work (InspectorView *self)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (--self->n_works > 0)
    return;
  g_clear_object (&self->work);
  g_signal_emit (self, signals[SIGNAL_WORK], 0, NULL);
}

void
inspector_view_reveal (InspectorView      *self,
                       IMsgPropertyObject *object,
                       guint32             tag,
                       const char         *page)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  g_signal_emit (self, signals[SIGNAL_REVEAL], 0, object, tag, page);
}

/* The pane is done: the table has the focus again, at the row of the property */
void
inspector_view_return_to_row (InspectorView *self)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  g_signal_emit (self, signals[SIGNAL_RETURN_TO_ROW], 0);
}

static gboolean
reading_idle_cb (gpointer user_data)
{
  InspectorView *self = user_data;

  self->reading_source = 0;
  if (self->node != NULL)
    inspector_node_refresh_problems (self->node);
  return G_SOURCE_REMOVE;
}

/* Something of the selected message was read, or is about to be as it is painted */
void
inspector_view_note_reading (InspectorView *self)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (self->reading_source == 0)
    self->reading_source = g_idle_add_full (G_PRIORITY_LOW, reading_idle_cb, self, NULL);
}

/* --- drafts --- */

const char *
inspector_view_get_draft (InspectorView      *self,
                          IMsgPropertyObject *object,
                          guint32             tag)
{
  GHashTable *texts = NULL;

  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  texts = g_hash_table_lookup (self->drafts, object);
  return texts != NULL ? g_hash_table_lookup (texts, GUINT_TO_POINTER (tag)) : NULL;
}

void
inspector_view_set_draft (InspectorView      *self,
                          IMsgPropertyObject *object,
                          guint32             tag,
                          const char         *text)
{
  GHashTable *texts = NULL;

  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  if (self->drafts == NULL || imsg_property_object_is_closed (object))
    return;
  texts = g_hash_table_lookup (self->drafts, object);
  if (texts == NULL && text == NULL)
    return;
  if (texts == NULL)
    {
      texts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
      g_hash_table_insert (self->drafts, g_object_ref (object), texts);
    }
  if (text != NULL)
    g_hash_table_insert (texts, GUINT_TO_POINTER (tag), g_strdup (text));
  else if (!g_hash_table_remove (texts, GUINT_TO_POINTER (tag)))
    return;
  if (g_hash_table_size (texts) == 0)
    g_hash_table_remove (self->drafts, object);
  g_signal_emit (self, signals[SIGNAL_DRAFT_CHANGED], 0);
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (*(const char * const *) a, *(const char * const *) b);
}

/* (transfer full): the titles of the properties that have a draft, anywhere in the message */
char **
inspector_view_list_drafts (InspectorView *self,
                            IMsgMessage   *message)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new ();
  GHashTableIter objects, tags;
  gpointer object, texts, tag;

  g_return_val_if_fail (INSPECTOR_IS_VIEW (self), NULL);

  g_hash_table_iter_init (&objects, self->drafts);
  while (g_hash_table_iter_next (&objects, &object, &texts))
    {
      if (imsg_property_object_is_closed (object) || inspector_object_get_root (object) != message)
        continue;
      g_hash_table_iter_init (&tags, texts);
      while (g_hash_table_iter_next (&tags, &tag, NULL))
        {
          g_autoptr(IMsgProperty) property =
            inspector_object_find_property (object, GPOINTER_TO_UINT (tag));

          if (property != NULL)
            g_ptr_array_add (titles, inspector_property_dup_title (property, FALSE));
        }
    }
  g_ptr_array_sort (titles, compare_titles);
  g_ptr_array_add (titles, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&titles), FALSE);
}

static gboolean
is_closed (gpointer object,
           gpointer texts,
           gpointer user_data)
{
  return imsg_property_object_is_closed (object);
}

void
inspector_view_forget_closed_drafts (InspectorView *self)
{
  g_return_if_fail (INSPECTOR_IS_VIEW (self));

  g_hash_table_foreach_remove (self->drafts, is_closed, NULL);
}

/* --- objects --- */

/* (transfer none) (nullable): the message of an object, or the one it is itself */
IMsgMessage *
inspector_object_get_message (IMsgPropertyObject *object)
{
  if (IMSG_IS_RECIPIENT (object))
    return imsg_recipient_get_message (IMSG_RECIPIENT (object));
  if (IMSG_IS_ATTACHMENT (object))
    return imsg_attachment_get_message (IMSG_ATTACHMENT (object));
  return IMSG_MESSAGE (object);
}

/* (transfer none) (nullable): the message that goes into a file, with the object in it */
IMsgMessage *
inspector_object_get_root (IMsgPropertyObject *object)
{
  IMsgMessage *message = inspector_object_get_message (object);
  IMsgAttachment *parent = NULL;

  while (message != NULL && (parent = imsg_message_get_parent (message)) != NULL)
    message = imsg_attachment_get_message (parent);
  return message;
}

/* (transfer full) (nullable): the row of the object's list that has the id of the tag */
IMsgProperty *
inspector_object_find_property (IMsgPropertyObject *object,
                                guint32             tag)
{
  GListModel *list = imsg_property_object_get_properties (object);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);

      if (imsg_property_tag_get_id (imsg_property_get_tag (property)) ==
          imsg_property_tag_get_id (tag))
        return g_steal_pointer (&property);
    }
  return NULL;
}
