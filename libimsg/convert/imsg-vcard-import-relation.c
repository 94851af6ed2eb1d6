/* imsg-vcard-import-relation.c - who somebody or which day is to the person of a card
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-property-tags.h"
#include "imsg-vcard-import-private.h"

#define APPLE_PREFIX "_$!<"
#define APPLE_SUFFIX ">!$_"

/* What the labels of Apple and Google say that a contact has a place for */
static const struct
{
  const char  *label;
  IMsgRelation relation;
} labels[] = {
  { "ANNIVERSARY", IMSG_RELATION_ANNIVERSARY }, { "SPOUSE", IMSG_RELATION_SPOUSE },
  { "CHILD", IMSG_RELATION_CHILD },             { "MANAGER", IMSG_RELATION_MANAGER },
  { "ASSISTANT", IMSG_RELATION_ASSISTANT },
};

/* Labels that say no more than the line has a place of its own anyway */
static const char *const plain_labels[] = { "", "HOMEPAGE", "OTHER" };

/* "_$!<Spouse>!$_", where a program knows the word in other languages, or the word as it is */
static char *
fold_label (const IMsgContentLine *line)
{
  g_autofree char *text = _imsg_content_line_dup_text (line);

  g_strstrip (text);
  if (g_str_has_prefix (text, APPLE_PREFIX) && g_str_has_suffix (text, APPLE_SUFFIX) &&
      strlen (text) >= strlen (APPLE_PREFIX APPLE_SUFFIX))
    {
      memmove (text, text + strlen (APPLE_PREFIX), strlen (text + strlen (APPLE_PREFIX)) + 1);
      text[strlen (text) - strlen (APPLE_SUFFIX)] = '\0';
    }
  return g_ascii_strup (text, -1);
}

static IMsgRelation
find_label (const IMsgContentLine *line)
{
  g_autofree char *label = fold_label (line);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strcmp (labels[i].label, label) == 0)
      return labels[i].relation;
  return IMSG_RELATION_NONE;
}

GHashTable *
_imsg_card_index_labels (GPtrArray *lines)
{
  GHashTable *by_group = NULL;

  for (guint i = 0; i < lines->len; i++)
    {
      IMsgContentLine *line = g_ptr_array_index (lines, i);

      if (line->group == NULL || strcmp (line->name, "X-ABLABEL") != 0)
        continue;
      if (by_group == NULL)
        by_group = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (by_group, line->group, line);
    }
  return by_group;
}

IMsgRelation
_imsg_card_find_relation (const IMsgCard        *card,
                          const IMsgContentLine *line)
{
  gboolean is_day = strcmp (line->name, "X-ABDATE") == 0;
  const char *value_type = _imsg_content_line_get_parameter (line, "VALUE");
  const IMsgContentLine *label;
  IMsgRelation relation;

  /* RFC 6350 6.6.6: a name, where it is no address of a card */
  if (strcmp (line->name, "RELATED") == 0 && value_type != NULL &&
      g_ascii_strcasecmp (value_type, "text") == 0)
    return _imsg_content_line_has_type (line, "SPOUSE")  ? IMSG_RELATION_SPOUSE
           : _imsg_content_line_has_type (line, "CHILD") ? IMSG_RELATION_CHILD
                                                         : IMSG_RELATION_NONE;
  if (card->labels == NULL || line->group == NULL ||
      (!is_day && strcmp (line->name, "X-ABRELATEDNAMES") != 0))
    return IMSG_RELATION_NONE;
  label = g_hash_table_lookup (card->labels, line->group);
  relation = label != NULL ? find_label (label) : IMSG_RELATION_NONE;
  return is_day == (relation == IMSG_RELATION_ANNIVERSARY) ? relation : IMSG_RELATION_NONE;
}

gboolean
_imsg_card_is_known_label (const IMsgContentLine *line)
{
  g_autofree char *label = NULL;

  if (strcmp (line->name, "X-ABLABEL") != 0)
    return FALSE;
  label = fold_label (line);
  for (guint i = 0; i < G_N_ELEMENTS (plain_labels); i++)
    if (strcmp (plain_labels[i], label) == 0)
      return TRUE;
  return find_label (line) != IMSG_RELATION_NONE;
}

guint32
_imsg_relation_get_tag (IMsgRelation relation)
{
  switch (relation)
    {
    case IMSG_RELATION_SPOUSE:
      return IMSG_PR_SPOUSE_NAME;
    case IMSG_RELATION_MANAGER:
      return IMSG_PR_MANAGER_NAME;
    case IMSG_RELATION_ASSISTANT:
      return IMSG_PR_ASSISTANT;
    case IMSG_RELATION_NONE:
    case IMSG_RELATION_ANNIVERSARY:
    case IMSG_RELATION_CHILD:
    default:
      return 0;
    }
}
