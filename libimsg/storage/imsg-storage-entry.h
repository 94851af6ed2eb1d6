/* imsg-storage-entry.h - one member of a storage, as a list shows it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-types.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_STORAGE_ENTRY_STORAGE = 1,
  IMSG_STORAGE_ENTRY_STREAM = 2,
} IMsgStorageEntryKind;

#define IMSG_TYPE_STORAGE_ENTRY (imsg_storage_entry_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgStorageEntry, imsg_storage_entry, IMSG, STORAGE_ENTRY, GObject)

IMSG_AVAILABLE_IN_ALL
const char          *imsg_storage_entry_get_name              (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
IMsgStorageEntryKind imsg_storage_entry_get_kind              (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
guint64              imsg_storage_entry_get_size              (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
const char          *imsg_storage_entry_get_class_id          (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
guint32              imsg_storage_entry_get_state_bits        (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
guint64              imsg_storage_entry_get_creation_time     (IMsgStorageEntry *self);
IMSG_AVAILABLE_IN_ALL
guint64              imsg_storage_entry_get_modification_time (IMsgStorageEntry *self);

G_END_DECLS
