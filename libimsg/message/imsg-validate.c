/* imsg-validate.c - walks the storages of a message and has each of them judged
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-validate.h"

#include <string.h>

#include "imsg-validate-private.h"

#include "imsg-limits.h"
#include "imsg-little-endian-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgValidateFlags:
 * @IMSG_VALIDATE_FORMAT: what [MS-OXMSG] demands of the file
 * @IMSG_VALIDATE_OUTLOOK: what Outlook needs to open the message, show it and keep it whole
 *
 * Families of rules.
 *
 * Since: 1.0
 */

#define ENTRY_BYTES 16
#define DATA_OBJECT_TAG IMSG_TAG (IMSG_PROPERTY_TYPE_OBJECT, 0x3701)

/* A storage that waits for its turn */
typedef struct
{
  IMsgStorage       *storage;
  char              *where;
  IMsgValidatedKind  kind;
  guint              depth;
} Waiting;

static void
waiting_clear (gpointer data)
{
  Waiting *waiting = data;

  g_clear_object (&waiting->storage);
  g_clear_pointer (&waiting->where, g_free);
}

void
_imsg_validated_add (IMsgValidated *self,
                     const char    *rule,
                     guint32        tag,
                     const char    *format,
                     ...)
{
  g_autofree char *text = NULL;
  g_autofree char *where = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  where = tag != 0 ? g_strdup_printf ("%s0x%08X", self->where, tag) : g_strdup (self->where);
  _imsg_problem_list_tell (self->problems, where, IMSG_ERROR_CORRUPT_DATA, "%s: %s", rule, text);
}

const IMsgPropertyEntry *
_imsg_validated_find (IMsgValidated *self,
                      guint32        tag)
{
  guint position = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_tag, GUINT_TO_POINTER (tag)));

  return position > 0 ? &g_array_index (self->entries, IMsgPropertyEntry, position - 1) : NULL;
}

const IMsgPropertyEntry *
_imsg_validated_find_text (IMsgValidated *self,
                           guint32        tag)
{
  const IMsgPropertyEntry *entry =
    _imsg_validated_find (self, IMSG_TAG (IMSG_PROPERTY_TYPE_UNICODE, IMSG_TAG_ID (tag)));

  return entry != NULL ? entry
                       : _imsg_validated_find (self, IMSG_TAG (IMSG_PROPERTY_TYPE_STRING8,
                                                               IMSG_TAG_ID (tag)));
}

guint32
_imsg_validated_get_u32 (IMsgValidated *self,
                         guint32        tag)
{
  const IMsgPropertyEntry *entry = _imsg_validated_find (self, tag);

  return entry != NULL ? _imsg_get_u32 (entry->value) : 0;
}

/* Bytes of the stream of a tag; 0 when there is none. */
guint64
_imsg_validated_get_size (IMsgValidated *self,
                          guint32        tag)
{
  IMsgStorageEntry *member = g_hash_table_lookup (self->members, GUINT_TO_POINTER (tag));

  return member != NULL ? imsg_storage_entry_get_size (member) : 0;
}

GBytes *
_imsg_validated_read (IMsgValidated *self,
                      guint32        tag)
{
  IMsgStorageEntry *member = g_hash_table_lookup (self->members, GUINT_TO_POINTER (tag));

  if (member == NULL || imsg_storage_entry_get_kind (member) != IMSG_STORAGE_ENTRY_STREAM)
    return NULL;
  return imsg_storage_read_stream (self->storage, imsg_storage_entry_get_name (member),
                                   self->cancellable, NULL);
}

/* --- taking one storage in --- */

static void
read_entries (IMsgValidated *self)
{
  static const gsize header_sizes[] = {
    [IMSG_VALIDATED_MESSAGE] = IMSG_STREAM_MESSAGE,
    [IMSG_VALIDATED_EMBEDDED] = IMSG_STREAM_EMBEDDED,
    [IMSG_VALIDATED_RECIPIENT] = IMSG_STREAM_SUBOBJECT,
    [IMSG_VALIDATED_ATTACHMENT] = IMSG_STREAM_SUBOBJECT,
  };
  gsize header_size = header_sizes[self->kind];
  gsize n_bytes = 0;
  const guint8 *bytes = NULL;

  if (self->stream == NULL)
    return;
  bytes = g_bytes_get_data (self->stream, &n_bytes);
  for (gsize at = header_size; at + ENTRY_BYTES <= n_bytes; at += ENTRY_BYTES)
    {
      IMsgPropertyEntry entry = { _imsg_get_u32 (bytes + at), _imsg_get_u32 (bytes + at + 4),
                                  { 0 } };

      memcpy (entry.value, bytes + at + 8, sizeof entry.value);
      g_array_append_val (self->entries, entry);
      if (_imsg_validated_find (self, entry.tag) == NULL)
        g_hash_table_insert (self->by_tag, GUINT_TO_POINTER (entry.tag),
                             GUINT_TO_POINTER (self->entries->len));
    }
}

static void
wait_for (GArray            *waiting,
          IMsgValidated     *self,
          const char        *name,
          IMsgValidatedKind  kind,
          guint              depth)
{
  g_autoptr(GError) error = NULL;
  Waiting next = { NULL, NULL, kind, depth };

  next.storage = imsg_storage_open_storage (self->storage, name, IMSG_STORAGE_READ, &error);
  if (next.storage == NULL)
    {
      _imsg_validated_tell (self, "storage", 0, _("%s cannot be opened: %s"), name, error->message);
      return;
    }
  next.where = g_strdup_printf ("%s%s/", self->where, name);
  g_array_append_val (waiting, next);
}

/* Readers match names without regard to case; the format writes its digits in upper case. */
static void
check_case (IMsgValidated *self,
            const char    *name)
{
  static const char *const prefixes[] = { "__substg1.0_", "__recip_version1.0_#",
                                          "__attach_version1.0_#" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]) &&
        strpbrk (name + strlen (prefixes[i]), "abcdef") != NULL)
      _imsg_validated_tell (self, "name-case", 0, _("%s has lower-case digits"), name);
}

/* Sorts the members by what their names say, and lets the storages among them wait. */
static void
read_members (IMsgValidated *self,
              GArray        *waiting,
              guint          depth)
{
  GListModel *members = imsg_storage_get_entries (self->storage);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr(IMsgStorageEntry) member = g_list_model_get_item (members, i);
      const char *name = imsg_storage_entry_get_name (member);
      guint32 tag = 0;
      guint32 index = 0;
      gboolean is_storage = imsg_storage_entry_get_kind (member) == IMSG_STORAGE_ENTRY_STORAGE;
      gboolean is_message = self->kind == IMSG_VALIDATED_MESSAGE ||
                            self->kind == IMSG_VALIDATED_EMBEDDED;

      check_case (self, name);
      switch (_imsg_element_parse_name (name, &tag, &index))
        {
        case IMSG_ELEMENT_PROPERTIES:
          /* A damaged file may have two of a name; the first is the one that counts. */
          if (!is_storage && self->stream == NULL)
            self->stream = imsg_storage_read_stream (self->storage, name, self->cancellable, NULL);
          break;
        case IMSG_ELEMENT_SUBSTG:
          g_hash_table_insert (self->members, GUINT_TO_POINTER (tag), g_object_ref (member));
          break;
        case IMSG_ELEMENT_SUBSTG_VALUE:
          {
            guint n_values =
              GPOINTER_TO_UINT (g_hash_table_lookup (self->values, GUINT_TO_POINTER (tag)));

            g_hash_table_insert (self->values, GUINT_TO_POINTER (tag),
                                 GUINT_TO_POINTER (n_values + 1));
            break;
          }
        case IMSG_ELEMENT_RECIPIENT:
          if (is_storage && is_message)
            {
              self->n_recipients++;
              self->last_recipient = MAX (self->last_recipient, index);
              wait_for (waiting, self, name, IMSG_VALIDATED_RECIPIENT, depth);
            }
          break;
        case IMSG_ELEMENT_ATTACHMENT:
          if (is_storage && is_message)
            {
              self->n_attachments++;
              self->last_attachment = MAX (self->last_attachment, index);
              wait_for (waiting, self, name, IMSG_VALIDATED_ATTACHMENT, depth);
            }
          break;
        default:
          break;
        }
    }
}

/* An embedded message waits too; any other object is its owner's business. */
static void
descend (IMsgValidated *self,
         GArray        *waiting,
         guint          depth)
{
  IMsgStorageEntry *member = g_hash_table_lookup (self->members,
                                                  GUINT_TO_POINTER (DATA_OBJECT_TAG));

  if (self->kind != IMSG_VALIDATED_ATTACHMENT || member == NULL ||
      imsg_storage_entry_get_kind (member) != IMSG_STORAGE_ENTRY_STORAGE ||
      _imsg_validated_get_u32 (self, IMSG_PR_ATTACH_METHOD) != 5)
    return;
  if (depth >= imsg_limit_get_default (IMSG_LIMIT_NESTING))
    {
      _imsg_validated_tell (self, "depth", 0, _("a message is embedded deeper than %u"), depth);
      return;
    }
  wait_for (waiting, self, imsg_storage_entry_get_name (member), IMSG_VALIDATED_EMBEDDED,
            depth + 1);
}

static void
judge (const Waiting     *one,
       GArray            *waiting,
       IMsgValidateFlags  flags,
       GPtrArray         *problems,
       GCancellable      *cancellable)
{
  IMsgValidated self = {
    .storage = one->storage,
    .where = one->where,
    .kind = one->kind,
    .entries = g_array_new (FALSE, FALSE, sizeof (IMsgPropertyEntry)),
    .by_tag = g_hash_table_new (NULL, NULL),
    .members = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref),
    .values = g_hash_table_new (NULL, NULL),
    .last_recipient = -1,
    .last_attachment = -1,
    .problems = problems,
    .cancellable = cancellable,
  };

  read_members (&self, waiting, one->depth);
  read_entries (&self);
  if (flags & IMSG_VALIDATE_FORMAT)
    {
      _imsg_validate_format (&self);
      _imsg_validate_nameid (&self);
    }
  if (flags & IMSG_VALIDATE_OUTLOOK)
    _imsg_validate_outlook (&self);
  descend (&self, waiting, one->depth);

  g_clear_pointer (&self.stream, g_bytes_unref);
  g_array_unref (self.entries);
  g_hash_table_unref (self.by_tag);
  g_hash_table_unref (self.members);
  g_hash_table_unref (self.values);
}

/**
 * imsg_storage_validate_message:
 * @self: the root storage of a message
 * @flags: which rules to apply
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Checks a message against the rules of its format, embedded messages included.
 *
 * Each breach is one problem: where is the path of the storage or property, and the text begins
 * with the name of the rule and a colon, as in `counts: the header says 2 recipients, there is 1`. A
 * list that comes back empty is a message without fault. Reading is more tolerant than this: a
 * message may break rules and still be read whole.
 *
 * Fails with `IMSG_ERROR_INVALID_FLAGS` when @flags has none of the families, `IMSG_ERROR_CLOSED`
 * once @self is closed, and `G_IO_ERROR_CANCELLED`.
 * Source: [MS-OXMSG] 2.1 to 2.4.
 *
 * Returns: (transfer container) (element-type IMsgProblem): what is wrong
 * Since: 1.0
 */
GPtrArray *
imsg_storage_validate_message (IMsgStorage        *self,
                               IMsgValidateFlags   flags,
                               GCancellable       *cancellable,
                               GError            **error)
{
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GArray) waiting = NULL;
  Waiting root = { NULL, NULL, IMSG_VALIDATED_MESSAGE, 0 };

  g_return_val_if_fail (IMSG_IS_STORAGE (self), NULL);

  if ((flags & (IMSG_VALIDATE_FORMAT | IMSG_VALIDATE_OUTLOOK)) == 0 ||
      (flags & ~(IMSG_VALIDATE_FORMAT | IMSG_VALIDATE_OUTLOOK)) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS, _("Flags 0x%X name no rules"),
                   flags);
      return NULL;
    }
  if (imsg_storage_is_closed (self))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The storage is closed"));
      return NULL;
    }
  problems = _imsg_problem_list_new ();
  waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  root.storage = g_object_ref (self);
  root.where = g_strdup ("/");
  g_array_append_val (waiting, root);
  for (guint i = 0; i < waiting->len; i++)
    {
      /* A copy: judging lets the array grow */
      Waiting one = g_array_index (waiting, Waiting, i);

      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        judge (&one, waiting, flags, problems, cancellable);
      else
        g_clear_pointer (&problems, g_ptr_array_unref);
      if (problems == NULL)
        break;
      waiting_clear (&g_array_index (waiting, Waiting, i));
    }
  for (guint i = 0; i < waiting->len; i++)
    waiting_clear (&g_array_index (waiting, Waiting, i));
  return g_steal_pointer (&problems);
}
