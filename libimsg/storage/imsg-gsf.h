/* imsg-gsf.h - the bridge between storages and libgsf
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include <gsf/gsf.h>

#include "imsg-storage.h"

G_BEGIN_DECLS

IMSG_AVAILABLE_IN_ALL
IMsgStorage *imsg_storage_open_gsf_input       (GsfInput          *input,
                                                IMsgStorageFlags   flags,
                                                GCancellable      *cancellable,
                                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage *imsg_storage_open_gsf_infile      (GsfInfile         *infile,
                                                IMsgStorageFlags   flags,
                                                GCancellable      *cancellable,
                                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean     imsg_storage_write_to_gsf_outfile (IMsgStorage       *self,
                                                GsfOutfile        *outfile,
                                                GCancellable      *cancellable,
                                                GError           **error);
IMSG_AVAILABLE_IN_ALL
GsfInfile   *imsg_storage_open_as_gsf_infile   (IMsgStorage       *self,
                                                GCancellable      *cancellable,
                                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GsfDocMetaData *imsg_storage_read_document_properties (IMsgStorage   *self,
                                                       GCancellable  *cancellable,
                                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
