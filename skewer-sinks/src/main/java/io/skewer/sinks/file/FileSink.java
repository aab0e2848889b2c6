package io.skewer.sinks.file;

import io.skewer.core.config.FileDestination;
import io.skewer.core.encode.Encoder;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Batch;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;
import io.skewer.core.template.TemplateSyntax;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.OpenRecords;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Sink;
import io.skewer.sinks.Tally;

/**
 * Writes each message as a line to the file that the template names. Records settle when their line was written, with {@code sync} when the
 * disk has it. While the disk is full or broken, {@link #send} keeps trying and nothing settles.
 *
 * <p>Call {@link #idle} also every second or so while there is nothing to send: then files that nobody writes to are closed.
 */
public final class FileSink implements Sink {
    private final Encoder encoder;
    private final Settler settler;
    private final Tally tally;
    private final FileName names;
    private final OpenFiles files;
    private final OpenRecords records;
    private final ByteBuilder name = new ByteBuilder(256);

    /**
     * @param encoder of lines, {@link io.skewer.core.encode.Encoders#ofLines}; used by this sink only
     * @throws TemplateSyntax when the file name is no template
     * @throws IllegalArgumentException when the file name has no base directory
     */
    public FileSink(FileDestination settings, Encoder encoder, Settler settler, Measures measures)
            throws TemplateSyntax {
        this(settings, OpenFiles.Opening.REAL, encoder, settler, measures);
    }

    FileSink(FileDestination settings, OpenFiles.Opening opening, Encoder encoder, Settler settler, Measures measures)
            throws TemplateSyntax {
        this.encoder = encoder;
        this.settler = settler;
        tally = new Tally(measures, "file");
        records = new OpenRecords(tally);
        names = FileName.compile(settings.filename());
        files = new OpenFiles(settings, opening, names.base(), tally);
        measures.gauge("skewer_file_open_files", "Files that are open now.", files::count);
    }

    @Override
    public void send(Delivery delivery) throws InterruptedException {
        long nowNs = System.nanoTime();
        byte[] batch = delivery.batch();
        Shipment shipment =
                new Shipment(delivery, Batch.read(batch, 0, batch.length).count(), settler);
        records.open(shipment);
        while (records.next()) {
            write(shipment, records.record(), records.index(), nowNs);
        }
        files.flushIfDue(System.nanoTime());
    }

    private void write(Shipment shipment, RecordView record, int index, long nowNs) throws InterruptedException {
        OpenFile file;
        try {
            name.clear();
            names.render(record, name);
            file = files.get(name, nowNs);
        } catch (IllegalArgumentException cause) {
            fail(shipment, index, new Failure(Failure.Reason.ENCODING, "the record is damaged"));
            return;
        }
        if (file == null) {
            fail(
                    shipment,
                    index,
                    new Failure(Failure.Reason.REFUSED, "a link, a directory or a pipe stands in the file's place"));
            return;
        }
        ByteBuilder lines = file.buffer();
        int start = lines.length();
        try {
            encoder.encode(record, lines);
        } catch (IllegalArgumentException cause) {
            lines.truncate(start);
            fail(shipment, index, new Failure(Failure.Reason.ENCODING, "the record is damaged"));
            return;
        }
        lines.add('\n');
        files.wrote(file, shipment, index, nowNs);
    }

    private void fail(Shipment shipment, int index, Failure failure) {
        tally.failed(failure);
        shipment.failed(index, failure);
    }

    @Override
    public long idle() throws InterruptedException {
        files.flush();
        long nowNs = System.nanoTime();
        return Math.min(files.closeUnused(nowNs), files.untilNextTryNs(nowNs));
    }

    @Override
    public void close() {
        files.close();
    }
}
