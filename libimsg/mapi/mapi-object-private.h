/* mapi-object-private.h - messages and attachments as the MAPI face holds them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-storage-private.h"
#include "mapi-value-private.h"

G_BEGIN_DECLS

typedef struct _MapiObject MapiObject;

/* What a top-level message and everything in it share. */
typedef struct
{
  int                 ref_count;
  MapiAllocators      allocators;
  IMalloc            *malloc;        /* counted */
  IStorage           *storage;       /* counted; NULL once let go */
  IMsgStorage        *copy;          /* (nullable): owned; stands for a storage of another make */
  LPMSGSESS           session;       /* (nullable): unowned; NULL once closed */
  IMSGCALLRELEASEPTR *call_release;  /* (nullable): NULL once called */
  MSGCALLRELEASE     *call_release_short;
  ULONG_PTR           caller_data;
  ULONG               value_limit;   /* bytes above which a value comes by stream; 0 = none */
  gboolean            no_commit;
  gboolean            is_dead;       /* its session was closed */
} MapiTree;

typedef enum
{
  MAPI_KIND_MESSAGE,
  MAPI_KIND_ATTACH,
  MAPI_KIND_BAG,       /* IPropData */
} MapiKind;

struct _MapiObject
{
  gconstpointer       vtbl;          /* first: the object is its own interface pointer */
  int                 ref_count;
  MapiKind            kind;
  MapiTree           *tree;          /* counted */
  MapiObject         *parent;        /* counted; NULL in a top-level message */
  IMsgPropertyObject *object;        /* owned */
  gboolean            is_writable;
  gboolean            is_deleted;    /* an attachment that DeleteAttach took away */
  gboolean            is_dead;
  GHashTable         *open;          /* property id → MapiOpenProperty: what is open of it */
  GHashTable         *attachments;   /* number → MapiObject, unowned: those that are open */
  GHashTable         *hidden;        /* numbers: created here, not saved twice yet */
  GHashTable         *half_saved;    /* numbers: of those, saved once */
  GPtrArray          *tables;        /* (element-type MapiTable), unowned: the open ones */
  gboolean            is_creating;   /* a row that comes to a table of attachments is a new one */
  gboolean            batching;      /* tables tell of one change only */
  gboolean            is_quiet;      /* tables tell of nothing */
  gboolean            is_gathering;  /* tables tell of each row once, later */
  GHashTable         *dirty;         /* (nullable): of a bag, id → tag of what was changed */
  GArray             *object_tags;   /* (nullable): of a bag, PT_OBJECT tags to be listed */
  HRESULT             last_result;
  char               *last_text;     /* (nullable) */
};

typedef struct
{
  IID       iid;
  gpointer  pointer;  /* of the interface, unowned: MapiObject, or a stream, or a storage */
  MapiContent *content; /* (nullable): of a stream, unowned */
  gboolean  writes;
} MapiOpenProperty;

struct _MSGSESS
{
  GMutex       mutex;
  IMalloc     *malloc;    /* counted */
  IMsgSession *session;   /* owned */
  GPtrArray   *messages;  /* (element-type MapiObject), unowned, in order of opening */
  ULONG        value_limit;
};

/* The object behind an interface of ours, else NULL. */
MapiObject *mapi_object_peek         (gconstpointer        iface);
/* Takes object; adds references to tree and parent. */
MapiObject *mapi_object_new          (MapiKind             kind,
                                      MapiTree            *tree,
                                      MapiObject          *parent,
                                      IMsgPropertyObject  *object,
                                      gboolean             is_writable);
/* MAPI_E_INVALID_OBJECT, MAPI_E_OBJECT_DELETED or S_OK */
HRESULT     mapi_object_check        (MapiObject          *self);
HRESULT     mapi_object_check_write  (MapiObject          *self);
/* Ends everything in it: from then on it and they answer code. */
void        mapi_object_kill         (MapiObject          *self,
                                      HRESULT              code);
guint       mapi_object_get_code_page (MapiObject         *self);
/* Remembers for GetLastError what went wrong, and gives it back. */
HRESULT     mapi_object_fail         (MapiObject          *self,
                                      HRESULT              code,
                                      const char          *text);
HRESULT     mapi_object_take_error   (MapiObject          *self,
                                      GError             **error);
HRESULT     mapi_make_last_error     (const MapiAllocators *allocators,
                                      HRESULT              result,
                                      const char          *text,
                                      ULONG                flags,
                                      LPMAPIERROR         *out);

MapiTree   *mapi_tree_ref            (MapiTree            *tree);
void        mapi_tree_unref          (MapiTree            *tree);
/* Lets go of the storage and tells the caller, once. */
void        mapi_tree_finish         (MapiTree            *tree,
                                      LPMESSAGE            message);
/* Commits what the message has put into its storage, unless the caller does that himself. */
HRESULT     mapi_tree_commit         (MapiTree            *tree,
                                      gboolean             force);
void        mapi_session_forget      (LPMSGSESS            session,
                                      MapiObject          *message);

/* --- problems --- */

void        mapi_problems_add        (GArray              *problems,
                                      ULONG                index,
                                      ULONG                tag,
                                      SCODE                scode);
/* Hands them out, when there are any and they are wanted. */
HRESULT     mapi_problems_give       (MapiObject          *self,
                                      GArray              *problems,
                                      LPSPropProblemArray *out);

/* --- IMAPIProp --- */

HRESULT     mapi_prop_get_props      (IMAPIProp           *iface,
                                      LPSPropTagArray      tags,
                                      ULONG                flags,
                                      ULONG               *n_values,
                                      LPSPropValue        *values);
HRESULT     mapi_prop_get_prop_list  (IMAPIProp           *iface,
                                      ULONG                flags,
                                      LPSPropTagArray     *tags);
HRESULT     mapi_prop_open_property  (IMAPIProp           *iface,
                                      ULONG                tag,
                                      LPCIID               iid,
                                      ULONG                interface_options,
                                      ULONG                flags,
                                      LPUNKNOWN           *unknown);
HRESULT     mapi_prop_set_props      (IMAPIProp           *iface,
                                      ULONG                n_values,
                                      LPSPropValue         values,
                                      LPSPropProblemArray *problems);
HRESULT     mapi_prop_delete_props   (IMAPIProp           *iface,
                                      LPSPropTagArray      tags,
                                      LPSPropProblemArray *problems);
HRESULT     mapi_prop_copy_to        (IMAPIProp           *iface,
                                      ULONG                n_excluded,
                                      LPCIID               excluded,
                                      LPSPropTagArray      excluded_tags,
                                      ULONG_PTR            ui_param,
                                      LPMAPIPROGRESS       progress,
                                      LPCIID               interface_id,
                                      LPVOID               destination,
                                      ULONG                flags,
                                      LPSPropProblemArray *problems);
HRESULT     mapi_prop_copy_props     (IMAPIProp           *iface,
                                      LPSPropTagArray      included_tags,
                                      ULONG_PTR            ui_param,
                                      LPMAPIPROGRESS       progress,
                                      LPCIID               interface_id,
                                      LPVOID               destination,
                                      ULONG                flags,
                                      LPSPropProblemArray *problems);
HRESULT     mapi_prop_get_names      (IMAPIProp           *iface,
                                      LPSPropTagArray     *tags,
                                      LPGUID               set,
                                      ULONG                flags,
                                      ULONG               *n_names,
                                      LPMAPINAMEID       **names);
HRESULT     mapi_prop_get_ids        (IMAPIProp           *iface,
                                      ULONG                n_names,
                                      LPMAPINAMEID        *names,
                                      ULONG                flags,
                                      LPSPropTagArray     *tags);
HRESULT     mapi_prop_save_changes   (IMAPIProp           *iface,
                                      ULONG                flags);

/* The type that a stored tag is listed and read as when the caller leaves it open. */
ULONG       mapi_tag_with_width      (ULONG                tag,
                                      ULONG                flags);
/* A value of the type asked for, or an error slot; FALSE for an error slot. */
gboolean    mapi_object_read_value   (MapiObject          *self,
                                      ULONG                tag,
                                      ULONG                flags,
                                      gpointer             base,
                                      SPropValue          *value);
/* A property whose attributes say that it must not be read */
gboolean    mapi_object_is_hidden    (MapiObject          *self,
                                      ULONG                tag);
/* PT_UNICODE and PT_STRING8 taken as one */
gboolean    mapi_is_text_type        (ULONG                type);

/* --- parts of IMessage in files of their own --- */

HRESULT     mapi_message_get_table   (MapiObject          *self,
                                      gboolean             recipients,
                                      ULONG                flags,
                                      LPMAPITABLE         *table);
void        mapi_message_refresh_tables (MapiObject       *self);
/* An attachment that was made here and not saved even once */
gboolean    mapi_message_is_unsaved   (MapiObject         *self,
                                       guint32             number);
/* Attachments that are gone from the message: their open objects answer so. */
void        mapi_message_sweep_attachments (MapiObject    *self);
/* Tables keep quiet in between, then tell of one change. */
void        mapi_message_begin_batch (MapiObject          *self);
void        mapi_message_end_batch   (MapiObject          *self);
/* Tables keep quiet in between, then tell of each row once. */
void        mapi_message_begin_gathering (MapiObject      *self);
void        mapi_message_end_gathering (MapiObject        *self);
/* Tables tell of nothing in between. */
void        mapi_message_begin_quiet (MapiObject          *self);
void        mapi_message_end_quiet   (MapiObject          *self);
HRESULT     mapi_message_modify_recipients (IMessage      *iface,
                                            ULONG          flags,
                                            LPADRLIST      mods);

/* A restriction of MAPI's as the library has it; *out is NULL for NULL. */
HRESULT     mapi_restriction_convert (LPSRestriction       restriction,
                                      guint                code_page,
                                      IMsgRestriction    **out);

extern const IMAPIPropVtbl mapi_prop_methods;
gconstpointer mapi_message_get_vtbl  (void);
gconstpointer mapi_attach_get_vtbl   (void);
gconstpointer mapi_prop_data_get_vtbl (void);
/* An empty IPropData. */
MapiObject   *mapi_prop_data_new     (const MapiAllocators *allocators);

G_END_DECLS
