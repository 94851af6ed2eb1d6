/* inspector-history.c - what was done in a session, to be undone and done again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-history.h"

#include <imsg.h>
#include <glib/gi18n.h>

typedef struct
{
  const InspectorStepKind *kind;   /* NULL for a group */
  gpointer                 data;
  GPtrArray               *group;  /* of Step, in the order they were done; or NULL */
  char                    *label;
  char                    *merge_key;
  gpointer                 subject; /* compared only, never looked into */
  guint32                  tag;
  gsize                    n_bytes;
} Step;

struct _InspectorHistory
{
  GObject    parent_instance;

  GPtrArray *steps;       /* of Step, oldest first */
  guint      n_done;      /* steps before this index are done, those after it can be done again */
  int        saved_at;    /* n_done when it was saved; -1 once that state cannot be reached */
  gsize      n_bytes;
  Step      *open_group;
  guint      group_depth;
  guint      is_busy : 1;
  guint      may_merge : 1;
};

G_DEFINE_FINAL_TYPE (InspectorHistory, inspector_history, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_IS_SAVED,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CHANGED,
  SIGNAL_MOVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
step_free (Step *step)
{
  if (step->kind != NULL && step->kind->destroy != NULL)
    step->kind->destroy (step->data);
  g_clear_pointer (&step->group, g_ptr_array_unref);
  g_free (step->label);
  g_free (step->merge_key);
  g_free (step);
}

static gboolean step_run (Step      *step,
                          gboolean   forward,
                          GError   **error);

/* A group that fails half way goes back to where it was */
static gboolean
group_run (GPtrArray  *group,
           gboolean    forward,
           GError    **error)
{
  for (guint i = 0; i < group->len; i++)
    {
      guint index = forward ? i : group->len - 1 - i;

      if (step_run (g_ptr_array_index (group, index), forward, error))
        continue;

      while (i-- > 0)
        {
          index = forward ? i : group->len - 1 - i;
          step_run (g_ptr_array_index (group, index), !forward, NULL);
        }
      return FALSE;
    }
  return TRUE;
}

static gboolean
step_run (Step      *step,
          gboolean   forward,
          GError   **error)
{
  if (step->group != NULL)
    return group_run (step->group, forward, error);
  return forward ? step->kind->apply (step->data, error) : step->kind->revert (step->data, error);
}

static void
tell_changed (InspectorHistory *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_REDO]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_SAVED]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
drop_oldest (InspectorHistory *self)
{
  Step *oldest = g_ptr_array_index (self->steps, 0);

  self->n_bytes -= oldest->n_bytes;
  g_ptr_array_remove_index (self->steps, 0);
  self->n_done--;
  self->saved_at = self->saved_at > 0 ? self->saved_at - 1 : -1;
}

static void
drop_undone (InspectorHistory *self)
{
  while (self->steps->len > self->n_done)
    {
      Step *last = g_ptr_array_index (self->steps, self->steps->len - 1);

      self->n_bytes -= last->n_bytes;
      g_ptr_array_remove_index (self->steps, self->steps->len - 1);
    }
  if (self->saved_at > (int) self->n_done)
    self->saved_at = -1;
}

static void
push_step (InspectorHistory *self,
           Step             *step)
{
  drop_undone (self);

  if (self->may_merge && step->merge_key != NULL && self->n_done > 0 &&
      self->saved_at != (int) self->n_done)
    {
      Step *top = g_ptr_array_index (self->steps, self->n_done - 1);

      if (top->kind == step->kind && top->kind->merge != NULL &&
          g_strcmp0 (top->merge_key, step->merge_key) == 0)
        {
          top->kind->merge (top->data, step->data);
          step_free (step);
          tell_changed (self);
          return;
        }
    }

  self->n_bytes += step->n_bytes;
  g_ptr_array_add (self->steps, step);
  self->n_done = self->steps->len;
  self->may_merge = TRUE;
  /* The latest step stays, however large it is */
  while (self->steps->len > 1 && (self->steps->len > INSPECTOR_HISTORY_MAX_STEPS ||
                                  self->n_bytes > INSPECTOR_HISTORY_MAX_BYTES))
    drop_oldest (self);
  tell_changed (self);
}

static void
inspector_history_finalize (GObject *object)
{
  InspectorHistory *self = INSPECTOR_HISTORY (object);

  g_clear_pointer (&self->open_group, step_free);
  g_clear_pointer (&self->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (inspector_history_parent_class)->finalize (object);
}

static void
inspector_history_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  InspectorHistory *self = INSPECTOR_HISTORY (object);

  switch (prop_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, inspector_history_get_undo_label (self) != NULL);
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, inspector_history_get_redo_label (self) != NULL);
      break;
    case PROP_IS_SAVED:
      g_value_set_boolean (value, inspector_history_is_saved (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inspector_history_class_init (InspectorHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = inspector_history_finalize;
  object_class->get_property = inspector_history_get_property;

  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_IS_SAVED] = g_param_spec_boolean ("is-saved", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  /* After undo or redo: the subject and the tag of the step, to be shown */
  signals[SIGNAL_MOVED] =
    g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT);
}

static void
inspector_history_init (InspectorHistory *self)
{
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
}

InspectorHistory *
inspector_history_new (void)
{
  return g_object_new (INSPECTOR_TYPE_HISTORY, NULL);
}

/* Applies a step and remembers it. Takes the data, whatever comes of it. */
gboolean
inspector_history_do (InspectorHistory         *self,
                      const char               *label,
                      const InspectorStepKind  *kind,
                      gpointer                  data,
                      gpointer                  subject,
                      guint32                   tag,
                      const char               *merge_key,
                      gsize                     n_bytes,
                      GError                  **error)
{
  Step *step = NULL;
  gboolean done;

  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), FALSE);

  step = g_new0 (Step, 1);
  step->kind = kind;
  step->data = data;
  step->label = g_strdup (label);
  step->merge_key = g_strdup (merge_key);
  step->subject = subject;
  step->tag = tag;
  step->n_bytes = n_bytes;

  if (self->is_busy)
    {
      step_free (step);
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_BUSY, _("Another step is being done."));
      return FALSE;
    }

  self->is_busy = TRUE;
  done = step_run (step, TRUE, error);
  self->is_busy = FALSE;
  if (!done)
    {
      step_free (step);
      return FALSE;
    }

  if (self->open_group != NULL)
    {
      g_ptr_array_add (self->open_group->group, step);
      self->open_group->n_bytes += step->n_bytes;
      if (self->open_group->subject == NULL)
        {
          self->open_group->subject = subject;
          self->open_group->tag = tag;
        }
    }
  else
    push_step (self, step);
  return TRUE;
}

void
inspector_history_begin_group (InspectorHistory *self,
                               const char       *label)
{
  g_return_if_fail (INSPECTOR_IS_HISTORY (self));

  if (self->group_depth++ > 0)
    return;

  self->open_group = g_new0 (Step, 1);
  self->open_group->label = g_strdup (label);
  self->open_group->group = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
}

void
inspector_history_end_group (InspectorHistory *self)
{
  Step *group = NULL;

  g_return_if_fail (INSPECTOR_IS_HISTORY (self));
  g_return_if_fail (self->group_depth > 0);

  if (--self->group_depth > 0)
    return;

  group = g_steal_pointer (&self->open_group);
  if (group->group->len == 0)
    step_free (group);
  else
    push_step (self, group);
}

/* Undoes what the open group did so far */
void
inspector_history_cancel_group (InspectorHistory *self)
{
  Step *group = NULL;

  g_return_if_fail (INSPECTOR_IS_HISTORY (self));
  g_return_if_fail (self->group_depth > 0);

  if (--self->group_depth > 0)
    return;

  group = g_steal_pointer (&self->open_group);
  self->is_busy = TRUE;
  group_run (group->group, FALSE, NULL);
  self->is_busy = FALSE;
  step_free (group);
}

static gboolean
move (InspectorHistory  *self,
      gboolean           forward,
      GError           **error)
{
  Step *step = g_ptr_array_index (self->steps, forward ? self->n_done : self->n_done - 1);
  gboolean done;

  self->is_busy = TRUE;
  done = step_run (step, forward, error);
  self->is_busy = FALSE;
  if (!done)
    return FALSE;

  self->n_done = forward ? self->n_done + 1 : self->n_done - 1;
  self->may_merge = FALSE;
  tell_changed (self);
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, step->subject, step->tag);
  return TRUE;
}

gboolean
inspector_history_undo (InspectorHistory  *self,
                        GError           **error)
{
  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), FALSE);

  if (inspector_history_get_undo_label (self) == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is nothing to undo."));
      return FALSE;
    }
  return move (self, FALSE, error);
}

gboolean
inspector_history_redo (InspectorHistory  *self,
                        GError           **error)
{
  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), FALSE);

  if (inspector_history_get_redo_label (self) == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is nothing to redo."));
      return FALSE;
    }
  return move (self, TRUE, error);
}

const char *
inspector_history_get_undo_label (InspectorHistory *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), NULL);

  if (self->n_done == 0 || self->open_group != NULL || self->is_busy)
    return NULL;
  return ((Step *) g_ptr_array_index (self->steps, self->n_done - 1))->label;
}

const char *
inspector_history_get_redo_label (InspectorHistory *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), NULL);

  if (self->n_done >= self->steps->len || self->open_group != NULL || self->is_busy)
    return NULL;
  return ((Step *) g_ptr_array_index (self->steps, self->n_done))->label;
}

void
inspector_history_mark_saved (InspectorHistory *self)
{
  g_return_if_fail (INSPECTOR_IS_HISTORY (self));

  self->saved_at = self->n_done;
  self->may_merge = FALSE;
  tell_changed (self);
}

gboolean
inspector_history_is_saved (InspectorHistory *self)
{
  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), TRUE);

  return self->saved_at == (int) self->n_done;
}

/* (transfer full): the labels of what was done since the save, or of all when that is out of reach */
char **
inspector_history_list_unsaved (InspectorHistory *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  guint first;

  g_return_val_if_fail (INSPECTOR_IS_HISTORY (self), NULL);

  first = self->saved_at >= 0 && self->saved_at < (int) self->n_done ? self->saved_at : 0;
  for (guint i = first; i < self->n_done && !inspector_history_is_saved (self); i++)
    g_strv_builder_add (builder, ((Step *) g_ptr_array_index (self->steps, i))->label);
  return g_strv_builder_end (builder);
}

void
inspector_history_stop_merging (InspectorHistory *self)
{
  g_return_if_fail (INSPECTOR_IS_HISTORY (self));

  self->may_merge = FALSE;
}

static gboolean
step_is_gone (Step                 *step,
              InspectorSubjectFunc  is_gone)
{
  if (step->group == NULL)
    return is_gone (step->subject);
  for (guint i = 0; i < step->group->len; i++)
    {
      if (step_is_gone (g_ptr_array_index (step->group, i), is_gone))
        return TRUE;
    }
  return FALSE;
}

/* Forgets the steps of what is gone, which can be undone no more; a group goes as a whole */
void
inspector_history_drop (InspectorHistory     *self,
                        InspectorSubjectFunc  is_gone)
{
  gboolean has_dropped = FALSE;

  g_return_if_fail (INSPECTOR_IS_HISTORY (self));

  for (guint i = self->steps->len; i-- > 0;)
    {
      Step *step = g_ptr_array_index (self->steps, i);

      if (!step_is_gone (step, is_gone))
        continue;
      self->n_bytes -= step->n_bytes;
      if (i < self->n_done)
        self->n_done--;
      if ((int) i < self->saved_at)
        self->saved_at--;
      g_ptr_array_remove_index (self->steps, i);
      has_dropped = TRUE;
    }
  if (!has_dropped)
    return;
  self->may_merge = FALSE;
  tell_changed (self);
}

void
inspector_history_clear (InspectorHistory *self)
{
  g_return_if_fail (INSPECTOR_IS_HISTORY (self));

  g_ptr_array_set_size (self->steps, 0);
  self->n_done = 0;
  self->n_bytes = 0;
  self->saved_at = 0;
  tell_changed (self);
}
