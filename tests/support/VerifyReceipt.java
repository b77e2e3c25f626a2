import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Verifies receipts with the JDK's own XML Signature, which shares nothing with our code nor with
 * libxml2. Usage: java VerifyReceipt.java ROOT.pem LIST; LIST names one file a line. Prints
 * "good NAME" or "bad NAME why" for each and ends with 0: what is expected is the caller's to know.
 */
public class VerifyReceipt {
    private static final String DS = XMLSignature.XMLNS;
    private static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";

    public static void main(String[] arguments) throws Exception {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        X509Certificate root;
        try (var in = Files.newInputStream(Path.of(arguments[0]))) {
            root = (X509Certificate) certificates.generateCertificate(in);
        }
        StringBuilder out = new StringBuilder();
        for (String name : Files.readAllLines(Path.of(arguments[1]))) {
            String why;
            try {
                why = examine(new File(name), certificates, root);
            } catch (Exception e) {
                why = e.getClass().getSimpleName() + " " + e.getMessage();
            }
            out.append(why == null ? "good " + name : "bad " + name + " " + why).append('\n');
        }
        System.out.print(out);
    }

    private static Element one(Document document, String space, String name) {
        NodeList found = document.getElementsByTagNameNS(space, name);
        if (found.getLength() != 1) {
            throw new IllegalArgumentException(found.getLength() + " elements " + name);
        }
        return (Element) found.item(0);
    }

    private static String examine(File file, CertificateFactory certificates, X509Certificate root)
            throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(file);

        List<X509Certificate> chain = new ArrayList<>();
        NodeList texts = document.getElementsByTagNameNS(DS, "X509Certificate");
        for (int i = 0; i < texts.getLength(); i++) {
            byte[] der = Base64.getMimeDecoder().decode(texts.item(i).getTextContent());
            chain.add((X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(der)));
        }
        validatePath(certificates, chain, root);

        DOMValidateContext context =
                new DOMValidateContext(chain.get(0).getPublicKey(), one(document, DS, "Signature"));
        context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
        for (String name : new String[] {"SignedProperties"}) {
            context.setIdAttributeNS(one(document, XADES, name), null, "Id");
        }
        context.setIdAttributeNS(one(document, DS, "Signature"), null, "Id");
        XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        if (!signature.validate(context)) {
            return "the signature does not validate";
        }
        return signature.getSignedInfo().getReferences().size() == 2 ? null : "other references";
    }

    private static void validatePath(CertificateFactory certificates, List<X509Certificate> chain,
            X509Certificate root) throws Exception {
        CertPath path = certificates.generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(new Date(1783666800000L));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
