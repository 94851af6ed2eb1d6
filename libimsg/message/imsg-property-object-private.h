/* imsg-property-object-private.h - how property objects hold what they hold
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-property-object.h"
#include "imsg-property-private.h"

G_BEGIN_DECLS

typedef struct _IMsgPropertyLayer IMsgPropertyLayer;
typedef struct _IMsgPropertyList  IMsgPropertyList;
typedef struct _IMsgMessage       IMsgMessage;

/* How a flush goes. */
typedef struct
{
  gboolean      in_place;   /* into the object's own storage, not into a copy */
  gboolean      with_edits; /* also what was not staged */
  GArray       *trials;     /* into a copy that the object will not live on: what is put for that
                             * is no change; NULL when it will */
  GCancellable *cancellable;
} IMsgFlush;

/* One change of one property. */
typedef struct
{
  guint32         tag;        /* as it will be stored; 0 = deleted */
  guint32         attributes;
  guint           sequence;   /* order of arrival, for properties that are new */
  guint16         id;
  guint16         keeps_value : 1; /* only the attributes differ from what is stored */
  guint16         is_object : 1;   /* PT_OBJECT: the object itself knows its storage */
  IMsgStoredValue value;      /* the value, when it is in memory */
  IMsgBlob       *blob;       /* else the bytes of its stream */
} IMsgPropertyEdit;

/* Where a value is to be had: an edit, or an entry as stored. */
typedef struct
{
  guint32                  tag; /* 0 when there is none */
  guint32                  attributes;
  const IMsgPropertyEntry *entry; /* NULL when the edit has the value */
  IMsgPropertyEdit        *edit;  /* NULL when untouched */
} IMsgPropertySlot;

/* A change travels in three layers, each shadowing the next: edits (made, and seen by every
 * reader), staged (what a save of this object has handed to the object around it), and entries
 * (what the file holds). */
struct _IMsgPropertyObject
{
  GObject            parent_instance;

  IMsgStorage       *storage;  /* NULL while there is none yet, or not opened yet */
  IMsgPropertyEntry *entries;  /* as stored, in a block of their size; NULL when there are none */
  guint64           *index;    /* id << 32 | position in entries, ascending; NULL for short ones */
  IMsgPropertyLayer *edits;    /* NULL when there are none */
  IMsgPropertyLayer *staged;   /* the same */
  IMsgPropertyLayer *originals; /* what a save that failed wrote over */
  IMsgStorage       *original_object; /* a copy of the storage that a PT_OBJECT property has in the
                                       * file; NULL until somebody may write over that */
  GArray            *flushed;  /* entries of the save under way; NULL but then */
  GPtrArray         *streams;  /* (element-type IMsgOpenStream); NULL when none was opened */
  IMsgPropertyList  *list;     /* NULL until asked for */
  IMsgStreamCounts   counts;   /* of the property stream's header */
  guint              n_entries;
  guint              next_entry; /* what the next look-up will likely find */
  guint              next_sequence;
  guint8             header;   /* IMsgStreamHeader of its property stream */
  guint              is_closed : 1;
  guint              is_closing : 1; /* nothing more is taken in */
  guint              is_deleted : 1;
  guint              is_writable : 1;
  guint              is_loaded : 1;  /* entries stand for what is stored */
  guint              was_modified : 1; /* what was last notified */
  guint              is_being_made : 1; /* nobody has it yet: nobody is told, and no
                                     * part of the class derives anything */
};

struct _IMsgPropertyObjectClass
{
  GObjectClass parent_class;

  /* The message whose code page, names and limits hold: itself, or the one around it; borrowed,
   * NULL once closed. */
  IMsgMessage    *(*get_message)   (IMsgPropertyObject  *self);
  /* Opens the storage, if there is one. */
  gboolean        (*open)          (IMsgPropertyObject  *self,
                                    GError             **error);
  /* Where it is in the file, for problems; "" is the root. */
  char           *(*dup_path)      (IMsgPropertyObject  *self);
  /* Whether ids over 0x8000 are taken as they come, named or not. */
  gboolean         takes_any_id;
  /* Ids that only the library sets; a zero ends it. */
  const guint16  *computed_ids;
  /* Tags that are always there, stored or not; a zero ends it. */
  const guint32  *offered_tags;
  /* Whether an offered one that is not stored has a value now, and that value, never floating. */
  gboolean        (*computes)      (IMsgPropertyObject  *self,
                                    guint32              tag);
  GVariant       *(*compute)       (IMsgPropertyObject  *self,
                                    guint32              tag);
  /* After a property changed: notify what is derived from it. */
  void            (*changed)       (IMsgPropertyObject  *self,
                                    guint                id);
  /* Before it is closed: end what is inside; and after: let go of what is around it. */
  void            (*closing)       (IMsgPropertyObject  *self);
  void            (*closed)        (IMsgPropertyObject  *self);
  /* After "modified" changed: tell the object around it. */
  void            (*modified_changed) (IMsgPropertyObject  *self);
  /* Whether anything but a property is unsaved. */
  gboolean        (*has_changes)   (IMsgPropertyObject  *self);
  /* Writes what PT_OBJECT properties hold into target. */
  gboolean        (*flush_object)  (IMsgPropertyObject  *self,
                                    guint32              tag,
                                    IMsgStorage         *target,
                                    const IMsgFlush     *flush,
                                    IMsgPropertyEntry   *entry,
                                    GError             **error);
  /* After a PT_OBJECT property, or the data beside it, was replaced or deleted. */
  void            (*drop_object)   (IMsgPropertyObject  *self);
};

static inline IMsgPropertyObjectClass *
IMSG_PROPERTY_OBJECT_GET_CLASS (gpointer ptr)
{
  return G_TYPE_INSTANCE_GET_CLASS (ptr, IMSG_TYPE_PROPERTY_OBJECT, IMsgPropertyObjectClass);
}

/* --- imsg-property-object.c, imsg-property-lookup.c, imsg-property-listing.c --- */

/* FALSE with CLOSED or OBJECT_DELETED. */
gboolean          _imsg_property_object_check          (IMsgPropertyObject       *self,
                                                        GError                  **error);
/* Also NO_ACCESS when read-only. */
gboolean          _imsg_property_object_check_writable (IMsgPropertyObject       *self,
                                                        GError                  **error);
/* Reads the entries, once. Damage is a problem of the message, not an error. */
gboolean          _imsg_property_object_load           (IMsgPropertyObject       *self,
                                                        GError                  **error);
/* What was read elsewhere (in a worker); takes the array, NULL for none. */
void              _imsg_property_object_take_entries   (IMsgPropertyObject       *self,
                                                        GArray                   *entries,
                                                        const IMsgStreamCounts   *counts);
/* The property that answers to a tag: the exact tag, else the other width of text, else whatever
 * has the id. FALSE when there is none, or the object cannot be read. */
gboolean          _imsg_property_object_lookup         (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        IMsgPropertySlot         *slot);
/* What is stored, edits left aside. */
const IMsgPropertyEntry *_imsg_property_object_find_entry (IMsgPropertyObject    *self,
                                                           guint32                tag);
char             *_imsg_property_object_dup_path       (IMsgPropertyObject       *self);
/* The edit that stands for an id; NULL when there is none. */
IMsgPropertyEdit *_imsg_property_object_find_edit      (IMsgPropertyObject       *self,
                                                        guint                     id);
gboolean          _imsg_property_object_is_new         (IMsgPropertyObject       *self,
                                                        const IMsgPropertyEdit   *edit);
/* The place of the first entry with an id; the number of entries when there is none. */
guint             _imsg_property_object_find_position  (IMsgPropertyObject       *self,
                                                        guint                     id);
IMsgMessage      *_imsg_property_object_get_message    (IMsgPropertyObject       *self);
const IMsgLimits *_imsg_property_object_get_limits     (IMsgPropertyObject       *self);
guint             _imsg_property_object_get_code_page  (IMsgPropertyObject       *self);
IMsgNameMap      *_imsg_property_object_get_name_map   (IMsgPropertyObject       *self);
void              _imsg_property_object_add_problem    (IMsgPropertyObject       *self,
                                                        IMsgProblem              *problem);
/* Tags in order: stored ones where they stand, then new ones, then offered ones that neither is. */
GArray           *_imsg_property_object_collect        (IMsgPropertyObject       *self,
                                                        gboolean                  with_offered);
gboolean          _imsg_property_object_is_computed_id (IMsgPropertyObject       *self,
                                                        guint                     id);
gboolean          _imsg_property_object_offers         (IMsgPropertyObject       *self,
                                                        guint                     id,
                                                        guint32                  *tag);
/* Forgets the edits, ends the streams, lets go of the storage. Runs once. */
void              _imsg_property_object_close          (IMsgPropertyObject       *self);
void              _imsg_property_object_mark_deleted   (IMsgPropertyObject       *self);
void              _imsg_property_object_set_writable   (IMsgPropertyObject       *self,
                                                        gboolean                  writable);
/* Notifies "modified" if it is no longer what it was. */
void              _imsg_property_object_update_modified (IMsgPropertyObject      *self);
/* Tells signals, list and class that a property changed. */
void              _imsg_property_object_emit_changed   (IMsgPropertyObject       *self,
                                                        guint32                   tag);
/* Takes the text, which is lent until it is another; equal text stays where it was. */
const char       *_imsg_property_object_lend_text      (char                    **where,
                                                        char                     *text);
/* While a new object gets its first properties. */
void              _imsg_property_object_set_being_made (IMsgPropertyObject       *self,
                                                        gboolean                  is_being_made);
gsize             _imsg_property_object_get_memory_use (IMsgPropertyObject       *self);

/* --- imsg-property-values.c --- */

/* Whether what is stored as one type can be given as another. */
gboolean          _imsg_property_tag_satisfies         (guint32                   stored,
                                                        guint32                   wanted);

/* The value of a slot as stored; large ones fail with TOO_BIG. */
gboolean          _imsg_property_slot_read             (IMsgPropertyObject       *self,
                                                        const IMsgPropertySlot   *slot,
                                                        IMsgStoredValue          *value,
                                                        GError                  **error);
/* The bytes of a slot that is one stream. */
IMsgBlob         *_imsg_property_slot_open             (IMsgPropertyObject       *self,
                                                        const IMsgPropertySlot   *slot,
                                                        GError                  **error);
/* As get_value(), but only what is stored or edited, never what is computed. */
GVariant         *_imsg_property_object_read_stored    (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        GError                  **error);
/* Text that is stored or edited, without a variant around it; NULL where only reading its value
 * tells whether there is any. */
char             *_imsg_property_object_read_text      (IMsgPropertyObject       *self,
                                                        guint32                   tag);
char             *_imsg_property_object_read_stored_string (IMsgPropertyObject   *self,
                                                            guint32               tag);
gboolean          _imsg_property_object_read_stored_long (IMsgPropertyObject     *self,
                                                          guint32                 tag,
                                                          guint32                *value);

/* --- imsg-property-edits.c --- */

/* Sets with no question of who may: for the library's own values. Text follows the message's
 * width. attributes 0 = those it has, or the usual ones. */
gboolean          _imsg_property_object_put            (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        GVariant                 *value,
                                                        guint32                   attributes,
                                                        GError                  **error);
gboolean          _imsg_property_object_put_string     (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        const char               *value,
                                                        GError                  **error);
gboolean          _imsg_property_object_put_bytes      (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        GBytes                   *bytes,
                                                        guint32                   attributes,
                                                        GError                  **error);
gboolean          _imsg_property_object_put_long       (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        guint32                   value,
                                                        guint32                   attributes,
                                                        GError                  **error);
void              _imsg_property_object_put_stored     (IMsgPropertyObject       *self,
                                                        const IMsgStoredValue    *value,
                                                        guint32                   attributes);
void              _imsg_property_object_put_blob       (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        IMsgBlob                 *blob,
                                                        guint32                   attributes);
void              _imsg_property_object_put_object     (IMsgPropertyObject       *self,
                                                        guint32                   tag);
void              _imsg_property_object_put_attributes (IMsgPropertyObject       *self,
                                                        const IMsgPropertySlot   *slot,
                                                        guint32                   attributes);
void              _imsg_property_object_drop           (IMsgPropertyObject       *self,
                                                        guint                     id);
/* Whether a caller may set or delete it: COMPUTED, NO_ACCESS, UNEXPECTED_ID, BUSY streams. */
gboolean          _imsg_property_object_may_edit       (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        gboolean                  deleting,
                                                        GError                  **error);
/* The same of text, and BAD_CHARWIDTH: whether it may be set, and has a place in the code page. */
gboolean          _imsg_property_object_may_set_string (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        const char               *value,
                                                        GError                  **error);
gboolean          _imsg_property_object_has_edits      (IMsgPropertyObject       *self);
gboolean          _imsg_property_object_has_staged     (IMsgPropertyObject       *self);
/* Whether one id was edited and not yet saved. */
gboolean          _imsg_property_object_is_edited      (IMsgPropertyObject       *self,
                                                        guint                     id);
/* Saving: edits become staged; staged ones are written into target (which has what the file
 * has); and once that is safe they become entries. */
void              _imsg_property_object_stage          (IMsgPropertyObject       *self);
void              _imsg_property_edit_free             (IMsgPropertyEdit         *edit);

/* --- imsg-property-flush.c --- */

gboolean          _imsg_property_object_flush          (IMsgPropertyObject       *self,
                                                        IMsgStorage              *target,
                                                        IMsgStreamHeader          header,
                                                        const IMsgStreamCounts   *counts,
                                                        gboolean                  must_write,
                                                        const IMsgFlush          *flush,
                                                        GError                  **error);
void              _imsg_property_object_settle         (IMsgPropertyObject       *self);
void              _imsg_property_object_discard_flush  (IMsgPropertyObject       *self);
/* Keeps a copy, by reference, of the storage that a PT_OBJECT property has in the file. */
void              _imsg_property_object_keep_object    (IMsgPropertyObject       *self,
                                                        guint32                   tag);
/* Puts it back, where something was written over it, perhaps as another type. */
void              _imsg_property_object_restore_object (IMsgPropertyObject       *self,
                                                        guint32                   tag,
                                                        guint32                   written);
/* Trials: from begin on, until the array is freed, an object can be changed and nobody is told;
 * then it is what it was before. */
GArray           *_imsg_property_trials_new            (void);
void              _imsg_property_object_begin_trial    (IMsgPropertyObject       *self,
                                                        GArray                   *trials);

/* --- imsg-property-layer.c: edits, one for each id, in the order of their sequences --- */

/* Where a layer is asked for something, NULL is an empty one. */
IMsgPropertyLayer *_imsg_property_layer_new            (void);
IMsgPropertyLayer *_imsg_property_layer_copy           (const IMsgPropertyLayer  *self);
void              _imsg_property_layer_free            (IMsgPropertyLayer        *self);
guint             _imsg_property_layer_get_length      (const IMsgPropertyLayer  *self);
IMsgPropertyEdit *_imsg_property_layer_find            (const IMsgPropertyLayer  *self,
                                                        guint                     id);
/* An edit that is to be put into this layer: an empty one, or like another. */
IMsgPropertyEdit *_imsg_property_layer_new_edit        (IMsgPropertyLayer        *self);
IMsgPropertyEdit *_imsg_property_layer_copy_edit       (IMsgPropertyLayer        *self,
                                                        const IMsgPropertyEdit   *edit);
/* Takes the edit, and frees the one of that id. */
void              _imsg_property_layer_put             (IMsgPropertyLayer        *self,
                                                        IMsgPropertyEdit         *edit);
void              _imsg_property_layer_remove          (IMsgPropertyLayer        *self,
                                                        guint                     id);
/* Puts all of upper, and frees it. */
void              _imsg_property_layer_merge           (IMsgPropertyLayer        *self,
                                                        IMsgPropertyLayer        *upper);

/* Walks two layers in order of arrival; an edit of the upper one hides that of its id below. */
typedef struct
{
  const IMsgPropertyLayer *upper;
  const IMsgPropertyLayer *lower;
  guint                    i_upper;
  guint                    i_lower;
} IMsgPropertyLayerIter;

void              _imsg_property_layer_iter_init       (IMsgPropertyLayerIter    *iter,
                                                        const IMsgPropertyLayer  *upper,
                                                        const IMsgPropertyLayer  *lower);
/* NULL after the last. */
IMsgPropertyEdit *_imsg_property_layer_iter_next       (IMsgPropertyLayerIter    *iter);

/* --- imsg-property-streams.c --- */

gboolean          _imsg_property_object_is_written     (IMsgPropertyObject       *self,
                                                        guint                     id);
void              _imsg_property_object_end_streams    (IMsgPropertyObject       *self);

/* --- imsg-property-list.c --- */

IMsgPropertyList *_imsg_property_list_new              (IMsgPropertyObject       *object);
void              _imsg_property_list_changed          (IMsgPropertyList         *self,
                                                        guint                     id);
void              _imsg_property_list_reload           (IMsgPropertyList         *self);
/* Something that computed properties follow has changed; NULL when there is no list. */
void              _imsg_property_list_recompute        (IMsgPropertyList         *self);
void              _imsg_property_list_disconnect       (IMsgPropertyList         *self);
gsize             _imsg_property_list_get_memory_use   (IMsgPropertyList         *self);

/* --- imsg-property.c --- */

IMsgProperty     *_imsg_property_new                   (IMsgPropertyObject       *object,
                                                        guint32                   tag);
void              _imsg_property_disconnect            (IMsgProperty             *self);
void              _imsg_property_update                (IMsgProperty             *self,
                                                        guint32                   tag);

G_END_DECLS
