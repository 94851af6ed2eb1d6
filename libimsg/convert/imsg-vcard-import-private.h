/* imsg-vcard-import-private.h - the parts of an import from vCard
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-content-lines-private.h"
#include "imsg-vcard.h"

G_BEGIN_DECLS

#define IMSG_SET_ADDRESS "PSETID_Address"

/* One card */
typedef struct
{
  GPtrArray             *lines; /* (element-type IMsgContentLine): between BEGIN and END, unowned */
  GHashTable            *labels; /* nullable: group -> IMsgContentLine, the label's; unowned */
  const IMsgContentLine *mail;  /* nullable: the first address of mail */
  char                  *name;  /* that it is shown by */
  gboolean               is_cut; /* its end is missing */
} IMsgCard;

/* What an import of one card carries along. */
typedef struct
{
  IMsgMessage     *message;
  const IMsgCard  *card;
  GHashTable      *by_uid; /* bare UID in lower case -> IMsgCard: members are among them */
} IMsgCardImport;

/* Who somebody is to a person, or what a day is */
typedef enum
{
  IMSG_RELATION_NONE,
  IMSG_RELATION_ANNIVERSARY,
  IMSG_RELATION_SPOUSE,
  IMSG_RELATION_CHILD,
  IMSG_RELATION_MANAGER,
  IMSG_RELATION_ASSISTANT,
} IMsgRelation;

void         _imsg_card_import_add_loss (IMsgCardImport         *import,
                                         const char             *where,
                                         const char             *format,
                                         ...) G_GNUC_PRINTF (3, 4);
/* The first line of a name; NULL when there is none. */
const IMsgContentLine *_imsg_card_find  (const IMsgCard         *card,
                                         const char             *name);
/* A UID without "urn:uuid:", in lower case */
char        *_imsg_card_fold_uid        (const char             *uid);
/* A tagged property, if the text is not empty and the property is not there yet. */
gboolean     _imsg_card_set_text        (IMsgMessage            *message,
                                         guint32                 tag,
                                         const char             *text,
                                         GError                **error);

/* A named text; NULL when absent. */
char        *_imsg_card_get_named       (IMsgMessage            *message,
                                         guint32                 id);

/* --- imsg-vcard-import-contact.c --- */

/* Note, categories, class: what groups have too. */
gboolean     _imsg_card_import_common   (IMsgCardImport         *import,
                                         GError                **error);
gboolean     _imsg_card_import_contact  (IMsgCardImport         *import,
                                         GError                **error);

/* --- imsg-vcard-import-places.c: telephones, mail and postal addresses --- */

/* What has been taken so far. */
typedef struct
{
  guint n_mails;
  guint preferred_address; /* 1 home, 2 work, 3 other, 0 none */
  guint chosen_address;    /* the same, where the card says it of none of them but for itself */
  guint labels;            /* bits of the places whose label has come */
} IMsgCardPlaces;

/* The line of mail that is marked so, else the first; NULL when there is none. */
const IMsgContentLine *_imsg_card_find_preferred_mail (const IMsgCard *card);
gboolean     _imsg_card_import_telephone (IMsgCardImport         *import,
                                          const IMsgContentLine  *line,
                                          GError                **error);
gboolean     _imsg_card_import_mail      (IMsgCardImport         *import,
                                          IMsgCardPlaces         *places,
                                          const IMsgContentLine  *line,
                                          GError                **error);
gboolean     _imsg_card_import_address   (IMsgCardImport         *import,
                                          IMsgCardPlaces         *places,
                                          const IMsgContentLine  *line,
                                          GError                **error);
/* Outlook's number of the place that letters go to; always TRUE. */
gboolean     _imsg_card_choose_address   (IMsgCardPlaces         *places,
                                          const char             *number);
gboolean     _imsg_card_import_label     (IMsgCardImport         *import,
                                          IMsgCardPlaces         *places,
                                          const IMsgContentLine  *line,
                                          GError                **error);
/* Which of the addresses are there, and which one letters go to. */
gboolean     _imsg_card_finish_places    (IMsgCardImport         *import,
                                          const IMsgCardPlaces   *places,
                                          GError                **error);

/* --- imsg-vcard-import-relation.c --- */

/* The labels of groups of lines, to be freed before the lines; NULL when there is none */
GHashTable  *_imsg_card_index_labels    (GPtrArray              *lines);
/* By its label, or its type; NONE for a line of another kind, or one that a contact has no place for. */
IMsgRelation _imsg_card_find_relation   (const IMsgCard         *card,
                                         const IMsgContentLine  *line);
/* A label that nothing is lost with. */
gboolean     _imsg_card_is_known_label  (const IMsgContentLine  *line);
/* The property for a name; 0 when it is none, or one of several. */
guint32      _imsg_relation_get_tag     (IMsgRelation            relation);

/* --- imsg-vcard-import-group.c --- */

gboolean     _imsg_card_import_group    (IMsgCardImport         *import,
                                         GError                **error);

G_END_DECLS
