package io.skewer.ipc.os;

import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * Takes from a process the means of the JDK to open {@code http} addresses. Nothing of skewer does so.
 *
 * <p>That is not only for order: the cryptography of the JDK makes such an address once (it needs one that means nothing), and for a scheme without a
 * handler given here the JDK opens every jar of the class path to look for one, tens of milliseconds and some megabytes in each process.
 */
public final class NoWeb {
    private NoWeb() {}

    /** To be called once, before anything else of the process. */
    public static void install() {
        URL.setURLStreamHandlerFactory(scheme -> scheme.equals("http") ? new Refusing() : null);
    }

    private static final class Refusing extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL address) throws IOException {
            throw new IOException("no process of skewer opens " + address);
        }
    }
}
