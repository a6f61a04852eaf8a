// A Solr on 127.0.0.1 for a CKAN in tests: java -cp 'jars/*' SolrServer.java HOME PORT
import java.util.Properties;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

class SolrServer {
  public static void main(String[] args) throws Exception {
    JettyConfig config = JettyConfig.builder().setPort(Integer.parseInt(args[1])).build();
    new JettySolrRunner(args[0], new Properties(), config).start(false);
    System.out.println("ready");
    Thread.currentThread().join();
  }
}
