package io.skewer.ipc.link;

/**
 * What a {@link FrameType#BATCH} carries.
 *
 * @param number the batch's number: of the listener's making towards the store, of the store's towards a forwarder
 * @param firstRecord records before this one are settled already; 0 towards the store
 * @param batch the bytes of the batch, owned by whoever holds this
 */
public record BatchFrame(long number, int firstRecord, byte[] batch) {
    public BatchFrame {
        if (firstRecord < 0) {
            throw new IllegalArgumentException("first record " + firstRecord);
        }
    }
}
