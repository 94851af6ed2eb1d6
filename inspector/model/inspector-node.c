/* inspector-node.c - what a row of the session tree stands for
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-node.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

struct _InspectorNode
{
  GObject             parent_instance;

  IMsgPropertyObject *object;    /* of recipients and attachments: their message */
  char               *title;     /* NULL until asked for */
  char               *haystack;  /* of a message: what a search looks at; NULL until asked for */
  GError             *error;     /* of a problem node */
  GListModel         *children;  /* NULL until asked for, or when there are none */
  InspectorNodeKind   kind;
  guint               n_told_problems;
  guint               is_listening : 1;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_ICON_NAME,
  PROP_COUNT,
  PROP_IS_MODIFIED,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InspectorNode, inspector_node, G_TYPE_OBJECT)

static const char *
get_icon_name (InspectorNode *self)
{
  switch (self->kind)
    {
    case INSPECTOR_NODE_MESSAGE:
      {
        const char *message_class = imsg_message_get_message_class (IMSG_MESSAGE (self->object));

        if (message_class == NULL)
          return "mail-unread-symbolic";
        if (g_str_has_prefix (message_class, "IPM.Appointment") ||
            g_str_has_prefix (message_class, "IPM.Schedule"))
          return "x-office-calendar-symbolic";
        if (g_str_has_prefix (message_class, "IPM.Contact") ||
            g_str_has_prefix (message_class, "IPM.DistList"))
          return "x-office-address-book-symbolic";
        if (g_str_has_prefix (message_class, "IPM.Task"))
          return "checkbox-checked-symbolic";
        return "mail-unread-symbolic";
      }
    case INSPECTOR_NODE_RECIPIENTS:
      return "system-users-symbolic";
    case INSPECTOR_NODE_ATTACHMENTS:
      return "mail-attachment-symbolic";
    case INSPECTOR_NODE_ATTACHMENT:
      return imsg_attachment_get_method (IMSG_ATTACHMENT (self->object)) ==
                 IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE
               ? "mail-unread-symbolic" : "text-x-generic-symbolic";
    case INSPECTOR_NODE_PROBLEM:
    default:
      return "dialog-warning-symbolic";
    }
}

static char *
make_title (InspectorNode *self)
{
  switch (self->kind)
    {
    case INSPECTOR_NODE_MESSAGE:
      {
        const char *subject = imsg_message_get_subject (IMSG_MESSAGE (self->object));

        return g_strdup (subject != NULL && *subject != '\0' ? subject : _("Untitled"));
      }
    case INSPECTOR_NODE_RECIPIENTS:
      return g_strdup (_("Recipients"));
    case INSPECTOR_NODE_ATTACHMENTS:
      return g_strdup (_("Attachments"));
    case INSPECTOR_NODE_ATTACHMENT:
      return g_strdup (imsg_attachment_get_file_name (IMSG_ATTACHMENT (self->object)));
    case INSPECTOR_NODE_PROBLEM:
    default:
      return g_strdup (self->error != NULL ? self->error->message : "");
    }
}

static void
object_changed_cb (InspectorNode *self)
{
  g_autoptr(InspectorNode) guard = g_object_ref (self);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->haystack, g_free);
  for (guint i = PROP_TITLE; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
inspector_node_dispose (GObject *object)
{
  InspectorNode *self = INSPECTOR_NODE (object);

  g_clear_object (&self->children);
  g_clear_object (&self->object);

  G_OBJECT_CLASS (inspector_node_parent_class)->dispose (object);
}

static void
inspector_node_finalize (GObject *object)
{
  InspectorNode *self = INSPECTOR_NODE (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->haystack, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (inspector_node_parent_class)->finalize (object);
}

static void
inspector_node_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  InspectorNode *self = INSPECTOR_NODE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, inspector_node_get_title (self));
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, get_icon_name (self));
      break;
    case PROP_COUNT:
      g_value_set_uint (value, inspector_node_get_count (self));
      break;
    case PROP_IS_MODIFIED:
      g_value_set_boolean (value, inspector_node_is_modified (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inspector_node_class_init (InspectorNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = inspector_node_dispose;
  object_class->finalize = inspector_node_finalize;
  object_class->get_property = inspector_node_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_IS_MODIFIED] = g_param_spec_boolean ("is-modified", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inspector_node_init (InspectorNode *self)
{
}

static GListModel *
get_rows (InspectorNode *self)
{
  if (self->kind == INSPECTOR_NODE_RECIPIENTS)
    return imsg_message_get_recipients (IMSG_MESSAGE (self->object));
  if (self->kind == INSPECTOR_NODE_ATTACHMENTS)
    return imsg_message_get_attachments (IMSG_MESSAGE (self->object));
  return NULL;
}

/* Not before it is shown: of the thousands that a search makes this would be most of the cost */
static void
listen (InspectorNode *self)
{
  if (self->is_listening)
    return;
  self->is_listening = TRUE;
  switch (self->kind)
    {
    case INSPECTOR_NODE_MESSAGE:
      g_signal_connect_object (self->object, "notify::subject", G_CALLBACK (object_changed_cb),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->object, "notify::modified", G_CALLBACK (object_changed_cb),
                               self, G_CONNECT_SWAPPED);
      break;
    case INSPECTOR_NODE_ATTACHMENT:
      g_signal_connect_object (self->object, "property-changed", G_CALLBACK (object_changed_cb),
                               self, G_CONNECT_SWAPPED);
      break;
    case INSPECTOR_NODE_RECIPIENTS:
    case INSPECTOR_NODE_ATTACHMENTS:
      g_signal_connect_object (get_rows (self), "items-changed", G_CALLBACK (object_changed_cb),
                               self, G_CONNECT_SWAPPED);
      break;
    case INSPECTOR_NODE_PROBLEM:
    default:
      break;
    }
}

InspectorNode *
inspector_node_new (InspectorNodeKind   kind,
                    IMsgPropertyObject *object)
{
  InspectorNode *self = g_object_new (INSPECTOR_TYPE_NODE, NULL);

  self->kind = kind;
  g_set_object (&self->object, object);
  return self;
}

InspectorNodeKind
inspector_node_get_kind (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), INSPECTOR_NODE_PROBLEM);

  return self->kind;
}

IMsgPropertyObject *
inspector_node_get_object (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), NULL);

  return self->object;
}

/* The message the node is, or is in */
IMsgMessage *
inspector_node_get_message (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), NULL);

  if (self->object == NULL)
    return NULL;
  if (IMSG_IS_ATTACHMENT (self->object))
    return imsg_attachment_get_message (IMSG_ATTACHMENT (self->object));
  return IMSG_MESSAGE (self->object);
}

/* From then on the node tells of changes */
const char *
inspector_node_get_title (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), NULL);

  listen (self);
  if (self->title == NULL)
    self->title = make_title (self);
  return self->title;
}

guint
inspector_node_get_count (InspectorNode *self)
{
  GListModel *rows = NULL;

  g_return_val_if_fail (INSPECTOR_IS_NODE (self), 0);

  rows = get_rows (self);
  return rows != NULL ? g_list_model_get_n_items (rows) : 0;
}

gboolean
inspector_node_is_modified (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), FALSE);

  return (self->kind == INSPECTOR_NODE_MESSAGE || self->kind == INSPECTOR_NODE_ATTACHMENT) &&
         imsg_property_object_is_modified (self->object);
}

guint
inspector_node_get_n_problems (InspectorNode *self)
{
  g_autoptr(GPtrArray) problems = NULL;

  g_return_val_if_fail (INSPECTOR_IS_NODE (self), 0);

  if (self->kind == INSPECTOR_NODE_PROBLEM)
    return 1;
  if (self->kind != INSPECTOR_NODE_MESSAGE)
    return 0;
  problems = imsg_message_list_problems (IMSG_MESSAGE (self->object));
  return problems != NULL ? problems->len : 0;
}

/* Some are found only when somebody reads */
void
inspector_node_refresh_problems (InspectorNode *self)
{
  guint n_problems;

  g_return_if_fail (INSPECTOR_IS_NODE (self));

  n_problems = inspector_node_get_n_problems (self);
  if (n_problems == self->n_told_problems)
    return;
  self->n_told_problems = n_problems;
  object_changed_cb (self);
}

/* What a screen reader says of the row */
char *
inspector_node_dup_sentence (InspectorNode *self)
{
  const char *title = inspector_node_get_title (self);
  guint count = inspector_node_get_count (self);
  guint n_problems = inspector_node_get_n_problems (self);

  if (self->kind == INSPECTOR_NODE_RECIPIENTS)
    return g_strdup_printf (ngettext ("%u recipient", "%u recipients", count), count);
  if (self->kind == INSPECTOR_NODE_ATTACHMENTS)
    return g_strdup_printf (ngettext ("%u attachment", "%u attachments", count), count);
  if (inspector_node_is_modified (self))
    return g_strdup_printf (_("%s, edited"), title);
  if (n_problems > 0)
    return g_strdup_printf (ngettext ("%s, %u problem", "%s, %u problems", n_problems), title,
                            n_problems);
  return g_strdup (title);
}

static gpointer
attachment_to_node (gpointer item,
                    gpointer user_data)
{
  g_autoptr(IMsgPropertyObject) attachment = item;

  return inspector_node_new (INSPECTOR_NODE_ATTACHMENT, attachment);
}

/* Opens the message when its row is looked at, not before */
static gpointer
attachment_to_message_node (gpointer item,
                            gpointer user_data)
{
  g_autoptr(IMsgAttachment) attachment = item;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  InspectorNode *problem = NULL;

  message = imsg_attachment_open_message (attachment, NULL, &error);
  if (message != NULL)
    return inspector_node_new (INSPECTOR_NODE_MESSAGE, IMSG_PROPERTY_OBJECT (message));

  problem = inspector_node_new (INSPECTOR_NODE_PROBLEM, IMSG_PROPERTY_OBJECT (attachment));
  problem->error = g_steal_pointer (&error);
  return problem;
}

static gpointer
message_to_node (gpointer item,
                 gpointer user_data)
{
  g_autoptr(IMsgPropertyObject) message = item;

  return inspector_node_new (INSPECTOR_NODE_MESSAGE, message);
}

/* (transfer full): the nodes of the messages of a session, made as they are looked at */
GListModel *
inspector_node_list_messages (GListModel *messages)
{
  return G_LIST_MODEL (gtk_map_list_model_new (g_object_ref (messages), message_to_node, NULL,
                                               NULL));
}

/* NULL when there never are any */
GListModel *
inspector_node_get_children (InspectorNode *self)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), NULL);

  if (self->children != NULL)
    return self->children;

  if (self->kind == INSPECTOR_NODE_MESSAGE)
    {
      GListStore *store = g_list_store_new (INSPECTOR_TYPE_NODE);
      g_autoptr(InspectorNode) recipients = NULL;
      g_autoptr(InspectorNode) attachments = NULL;

      recipients = inspector_node_new (INSPECTOR_NODE_RECIPIENTS, self->object);
      attachments = inspector_node_new (INSPECTOR_NODE_ATTACHMENTS, self->object);
      g_list_store_append (store, recipients);
      g_list_store_append (store, attachments);
      self->children = G_LIST_MODEL (store);
    }
  else if (self->kind == INSPECTOR_NODE_ATTACHMENTS)
    self->children =
      G_LIST_MODEL (gtk_map_list_model_new (g_object_ref (get_rows (self)), attachment_to_node,
                                            NULL, NULL));
  else if (self->kind == INSPECTOR_NODE_ATTACHMENT &&
           imsg_attachment_get_method (IMSG_ATTACHMENT (self->object)) ==
             IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    {
      GListStore *store = g_list_store_new (IMSG_TYPE_ATTACHMENT);

      g_list_store_append (store, self->object);
      self->children = G_LIST_MODEL (gtk_map_list_model_new (G_LIST_MODEL (store),
                                                             attachment_to_message_node, NULL,
                                                             NULL));
    }
  return self->children;
}

/* Two nodes of the same thing, made at different times */
gboolean
inspector_node_equal (InspectorNode *self,
                      InspectorNode *other)
{
  return self == other || (self != NULL && other != NULL && self->kind == other->kind &&
                           self->object == other->object);
}

static char *
make_haystack (InspectorNode *self)
{
  g_autofree char *title = make_title (self);
  g_autofree char *text = NULL;
  const char *sender = NULL;

  if (self->kind == INSPECTOR_NODE_MESSAGE)
    sender = imsg_message_get_sender_name (IMSG_MESSAGE (self->object));
  /* Without a sender the join ends after the title */
  text = g_strjoin ("\n", title, sender, NULL);
  return g_utf8_casefold (text, -1);
}

static gboolean
has_text (InspectorNode *self,
          const char    *folded)
{
  g_autofree char *haystack = NULL;

  if (self->kind == INSPECTOR_NODE_MESSAGE)
    {
      if (self->haystack == NULL)
        self->haystack = make_haystack (self);
      return strstr (self->haystack, folded) != NULL;
    }
  haystack = make_haystack (self);
  return strstr (haystack, folded) != NULL;
}

/* To be called when something was edited: a sender's name is not told of */
void
inspector_node_forget_haystack (InspectorNode *self)
{
  g_return_if_fail (INSPECTOR_IS_NODE (self));

  g_clear_pointer (&self->haystack, g_free);
}

/* Whether the node, or one below it that was opened already, has the text in its title */
gboolean
inspector_node_matches (InspectorNode *self,
                        const char    *folded)
{
  g_return_val_if_fail (INSPECTOR_IS_NODE (self), FALSE);

  if (has_text (self, folded))
    return TRUE;

  if (self->children == NULL || self->kind == INSPECTOR_NODE_ATTACHMENT)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (self->children); i++)
    {
      g_autoptr(InspectorNode) child = g_list_model_get_item (self->children, i);

      if (child->kind != INSPECTOR_NODE_RECIPIENTS && inspector_node_matches (child, folded))
        return TRUE;
    }
  return FALSE;
}
